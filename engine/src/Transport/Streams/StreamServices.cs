using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>What all HTTP requests to one endpoint share.</summary>
internal sealed class StreamServices(
    IRequestExecutor executor, IOptions<GraphQLTransportOptions> transportOptions, IOptions<RequestOptions> requestOptions,
    IServiceScopeFactory scopes, IHostApplicationLifetime lifetime,
    ILogger<StreamServices> logger, TimeProvider? clock = null, IViewerRights? rights = null)
{
    private readonly GraphQLTransportOptions options = transportOptions.Value;
    private readonly CallerQuota perUser = new(transportOptions.Value.MaxStreamsPerUser);
    private readonly CallerQuota perAddress = new(transportOptions.Value.MaxStreamsPerAddress);
    private int openCount;

    public IRequestExecutor Executor => executor;
    public GraphQLTransportOptions Options => options;

    /// <summary>The limits of a request, which apply to a batch as a whole.</summary>
    public RequestOptions RequestBounds => requestOptions.Value;

    public IServiceScopeFactory Scopes => scopes;
    public TimeProvider Clock { get; } = clock ?? TimeProvider.System;
    public ILogger Logger => logger;

    /// <summary>Null when viewers keep the rights that they had when they connected.</summary>
    public IViewerRights? Rights => rights;

    /// <summary>Cancelled when the server shuts down.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>
    /// Takes one of the slots for responses that may stay open, and one of the caller's own; null, with the refusal, when there is none left.
    /// </summary>
    public IDisposable? TryEnter(HttpContext context, out Refusal? refusal)
    {
        string? user = context.User.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        if ((user is null ? perAddress.TryTake(options.AddressOf(context)) : perUser.TryTake(user)) is not { } own)
        {
            refusal = user is null
                ? Refusal.TooManyStreamsOfCaller(nameof(GraphQLTransportOptions.MaxStreamsPerAddress), options.MaxStreamsPerAddress!.Value)
                : Refusal.TooManyStreamsOfCaller(nameof(GraphQLTransportOptions.MaxStreamsPerUser), options.MaxStreamsPerUser!.Value);
            return null;
        }
        if (Interlocked.Increment(ref openCount) <= options.MaxStreams)
        {
            refusal = null;
            return new StreamPlace(this, own);
        }
        Leave();
        own.Dispose();
        refusal = Refusal.TooManyStreams(options.MaxStreams);
        return null;
    }

    private void Leave() => Interlocked.Decrement(ref openCount);

    private sealed class StreamPlace(StreamServices services, IDisposable own) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) != 0)
                return;
            services.Leave();
            own.Dispose();
        }
    }
}
