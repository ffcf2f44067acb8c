using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// Upgrades requests to <c>graphql-transport-ws</c> sockets. Compression stays off: it would let a small message become a large one.
/// </summary>
internal sealed class GraphQLOverWebSocket(
    IRequestExecutor executor, GraphQLTransportOptions options, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime,
    ILogger<GraphQLOverWebSocket> logger, TimeProvider? clock = null, IViewerRights? rights = null)
{
    private const string Protocol = "graphql-transport-ws";
    private static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(5);

    private readonly SocketServices services = new(executor, options, scopes, clock ?? TimeProvider.System, logger, rights);

    public async Task HandleAsync(HttpContext context)
    {
        if (!SocketOrigin.IsAllowed(context.Request, options))
        {
            await RefusalWriter.WriteAsync(context, Refusal.ForeignOrigin(), ResponseFormat.Json);
            return;
        }

        bool isAcceptable = context.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isAcceptable ? Protocol : null,
            KeepAliveInterval = TimeSpan.Zero, // The protocol's own pings do this, and more.
        });
        await using var connection = new SocketConnection(socket, context, services);
        await using CancellationTokenRegistration stopping =
            lifetime.ApplicationStopping.Register(() => connection.Close(CloseReason.Restart(Random.Shared.NextDouble() * RetryAfterMax)));
        if (!isAcceptable)
            connection.Close(CloseReason.SubprotocolNotAcceptable);
        EngineTelemetry.SocketOpened();
        try
        {
            await connection.RunAsync();
        }
        finally
        {
            EngineTelemetry.SocketClosed();
        }
    }
}
