using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>What all requests over HTTP to one endpoint share.</summary>
internal sealed class StreamServices(
    IRequestExecutor executor, IOptions<GraphQLTransportOptions> transportOptions, IOptions<RequestOptions> requestOptions, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime,
    ILogger<StreamServices> logger, TimeProvider? clock = null, IViewerRights? rights = null)
{
    private readonly GraphQLTransportOptions options = transportOptions.Value;
    private int openCount;

    public IRequestExecutor Executor => executor;
    public GraphQLTransportOptions Options => options;

    /// <summary>The bounds of a request, which a batch keeps as a whole.</summary>
    public RequestOptions RequestBounds => requestOptions.Value;

    public IServiceScopeFactory Scopes => scopes;
    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;
    public ILogger Logger => logger;

    /// <summary>Null where viewers keep what they had when they came.</summary>
    public IViewerRights? Rights => rights;

    /// <summary>Cancelled when the server stops.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Takes one of the places for answers that may stay open; null when all are taken.</summary>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref openCount) <= options.MaxStreams)
            return new Place(this);
        Leave();
        return null;
    }

    private void Leave() => Interlocked.Decrement(ref openCount);

    private sealed class Place(StreamServices services) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0)
                services.Leave();
        }
    }
}
