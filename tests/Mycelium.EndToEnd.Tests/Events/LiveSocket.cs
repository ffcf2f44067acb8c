using System.Net.WebSockets;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>A real WebSocket that speaks <c>graphql-transport-ws</c>, with one subscription. Every wait has a deadline.</summary>
internal sealed class LiveSocket : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket socket = new();

    private LiveSocket()
    {
    }

    /// <summary>The position of the stream after the last message.</summary>
    public string Cursor { get; private set; } = "";

    /// <summary>Opens a socket and subscribes.</summary>
    public static async Task<LiveSocket> SubscribeAsync(Uri replica, string query, object? variables = null, string? token = null)
    {
        LiveSocket live = await ConnectAsync(replica, token);
        Assert.Equal("connection_ack", (await live.ReceiveAsync()).GetProperty("type").GetString());
        await live.SendAsync(new { type = "subscribe", id = "1", payload = new { query, variables } });
        return live;
    }

    /// <summary>Opens a socket and sends <c>connection_init</c> with the token.</summary>
    public static async Task<LiveSocket> ConnectAsync(Uri replica, string? token)
    {
        var live = new LiveSocket();
        live.socket.Options.AddSubProtocol("graphql-transport-ws");
        using var deadline = new CancellationTokenSource(patience);
        await live.socket.ConnectAsync(new UriBuilder(replica) { Scheme = "ws", Path = "/graphql" }.Uri, deadline.Token);
        await live.SendAsync(new { type = "connection_init", payload = token is null ? null : new { Authorization = $"Bearer {token}" } });
        return live;
    }

    /// <summary>Returns the next event that is not a bookmark: the value of the subscription's field.</summary>
    public async Task<JsonElement> NextAsync()
    {
        while (true)
        {
            JsonElement message = await ReceiveAsync();
            Assert.True(message.GetProperty("type").GetString() == "next", message.GetRawText());
            JsonElement payload = message.GetProperty("payload").GetProperty("data").EnumerateObject().Single().Value;
            Cursor = payload.GetProperty("cursor").GetString()!;
            if (payload.Kind() != "BOOKMARK")
                return payload;
        }
    }

    /// <summary>Returns the events up to and including the first that matches.</summary>
    public async Task<IReadOnlyList<JsonElement>> NextUntilAsync(Func<JsonElement, bool> isLast)
    {
        var events = new List<JsonElement>();
        do
            events.Add(await NextAsync());
        while (!isLast(events[^1]));
        return events;
    }

    /// <summary>Returns the code of the error that ended the subscription.</summary>
    public async Task<string?> ErrorCodeAsync()
    {
        JsonElement message = await ReceiveAsync();
        JsonElement payload = message.GetProperty("payload");
        JsonElement errors = message.GetProperty("type").GetString() == "error" ? payload : payload.GetProperty("errors");
        return errors.EnumerateArray().Single().GetProperty("extensions").GetProperty("code").GetString();
    }

    /// <summary>Returns the code with which the server closes the socket.</summary>
    public async Task<int?> CloseCodeAsync()
    {
        using var deadline = new CancellationTokenSource(patience);
        byte[] buffer = new byte[4_096];
        while ((await socket.ReceiveAsync(buffer, deadline.Token)).MessageType != WebSocketMessageType.Close)
        {
        }
        return (int?)socket.CloseStatus;
    }

    /// <summary>Cuts the connection without a close frame, as a lost network does.</summary>
    public void Dispose()
    {
        socket.Abort();
        socket.Dispose();
    }

    private async Task SendAsync(object message)
    {
        using var deadline = new CancellationTokenSource(patience);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, deadline.Token);
    }

    private async Task<JsonElement> ReceiveAsync()
    {
        using var deadline = new CancellationTokenSource(patience);
        while (true)
        {
            using var text = new MemoryStream();
            byte[] buffer = new byte[16_384];
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(), deadline.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw new InvalidOperationException($"Closed with {(int?)socket.CloseStatus}: {socket.CloseStatusDescription}");
                text.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            var message = JsonElement.Parse(text.ToArray());
            if (message.GetProperty("type").GetString() != "ping")
                return message;
            await SendAsync(new { type = "pong" });
        }
    }
}
