using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The data loaders of one execution: one of each type, created from the request's services when first requested.</summary>
internal sealed class LoaderSet(RequestState request) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<Type, IDataLoader> loaders = [];

    public TLoader Get<TLoader>() where TLoader : class, IDataLoader
    {
        lock (gate)
        {
            if (loaders.TryGetValue(typeof(TLoader), out IDataLoader? known))
                return (TLoader)known;
            TLoader made = Factory<TLoader>.Make(request.Services, null);
            if (made is IBatchSource source)
                source.Attach(request.Loop, request.Engine.Options.DataLoaderBatchSizeMax, request.Engine.Telemetry, request.Deadline.Token);
            loaders.Add(typeof(TLoader), made);
            return made;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDataLoader loader in loaders.Values)
        {
            if (loader is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync().ConfigureAwait(false);
            else
                (loader as IDisposable)?.Dispose();
        }
    }

    private static class Factory<TLoader>
    {
        public static readonly ObjectFactory<TLoader> Make = ActivatorUtilities.CreateFactory<TLoader>([]);
    }
}
