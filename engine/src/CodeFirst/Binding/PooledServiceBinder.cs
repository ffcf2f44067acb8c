using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Creates a service for each execution of a field and disposes it once the field's value is complete and in memory.</summary>
internal sealed class PooledServiceBinder<TService>(
    Func<IServiceProvider, CancellationToken, ValueTask<TService>> rent) : IParameterBinder where TService : class
{
    public bool CanBind(ParameterInfo parameter) => parameter.ParameterType == typeof(TService);

    public Func<ResolverContext, object?> Bind(ParameterInfo parameter) => context => context.LocalData[typeof(TService)];

    public FieldMiddleware Surround(ParameterInfo parameter) => next => async context =>
    {
        TService service = await rent(context.Services, context.RequestAborted);
        try
        {
            context.LocalData[typeof(TService)] = service;
            return await Materializer.CompleteAsync(await next(context), context.RequestAborted);
        }
        finally
        {
            await DisposeAsync(service);
        }
    };

    private static async ValueTask DisposeAsync(TService service)
    {
        if (service is IAsyncDisposable asynchronous)
            await asynchronous.DisposeAsync();
        else
            (service as IDisposable)?.Dispose();
    }
}
