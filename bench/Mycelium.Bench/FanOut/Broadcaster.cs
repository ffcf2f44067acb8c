using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;

namespace Mycelium.Bench.FanOut;

/// <summary>
/// The fastest broadcasting server that one would write by hand in ASP.NET Core. Every client receives every frame that is posted for its topic,
/// unchanged. It checks nothing, stores nothing, and waits for slow clients.
/// </summary>
internal static class Broadcaster
{
    private static readonly byte[] ack = """{"type":"connection_ack"}"""u8.ToArray();
    private static readonly ConcurrentDictionary<int, List<WebSocket>> topics = [];

    public static WebApplication CreateApp(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        WebApplication app = builder.Build();
        app.UseWebSockets();
        app.Map("/listen/{topic:int}", (RequestDelegate)ListenAsync);
        app.MapPost("/publish", (RequestDelegate)PublishAsync);
        return app;
    }

    private static int Topic(HttpContext context) => int.Parse((string)context.Request.RouteValues["topic"]!, CultureInfo.InvariantCulture);

    private static async Task ListenAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { SubProtocol = "graphql-transport-ws", KeepAliveInterval = TimeSpan.Zero });
        await socket.SendAsync(ack, WebSocketMessageType.Text, endOfMessage: true, context.RequestAborted);
        List<WebSocket> listening = topics.GetOrAdd(Topic(context), _ => []);
        lock (listening)
            listening.Add(socket);
        try
        {
            byte[] buffer = new byte[1024];
            while ((await socket.ReceiveAsync(Memory<byte>.Empty, context.RequestAborted)).MessageType != WebSocketMessageType.Close)
                await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The client has gone.
        }
        lock (listening)
            listening.Remove(socket);
    }

    private static async Task PublishAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        byte[] frame = body.ToArray();
        foreach (string? topic in context.Request.Query["topic"])
            await PublishAsync(topics.GetOrAdd(int.Parse(topic!, CultureInfo.InvariantCulture), _ => []), frame);
    }

    private static async Task PublishAsync(List<WebSocket> listening, byte[] frame)
    {
        WebSocket[] all;
        lock (listening)
            all = [.. listening];
        var slow = new List<Task>();
        foreach (WebSocket socket in all)
        {
            ValueTask sending = socket.SendAsync(frame, WebSocketMessageType.Text, WebSocketMessageFlags.EndOfMessage, CancellationToken.None);
            if (!sending.IsCompletedSuccessfully)
                slow.Add(sending.AsTask());
        }
        await Task.WhenAll(slow);
    }
}
