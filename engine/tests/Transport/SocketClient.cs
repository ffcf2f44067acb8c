using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>A client that sends exactly what a test tells it to, and never waits longer than a deadline.</summary>
internal sealed class SocketClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket socket = new();

    public static async Task<SocketClient> ConnectAsync(
        TransportServer server, string? protocol = "graphql-transport-ws", string? origin = null, CancellationToken cancellation = default)
    {
        var client = new SocketClient();
        if (protocol is not null)
            client.socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            client.socket.Options.SetRequestHeader("Origin", origin);
        await client.socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws" }.Uri, cancellation).WaitAsync(Deadline, cancellation);
        return client;
    }

    /// <summary>A client that has completed its handshake.</summary>
    public static async Task<SocketClient> OpenAsync(TransportServer server)
    {
        SocketClient client = await ConnectAsync(server);
        await client.SendAsync("""{"type":"connection_init"}""");
        Assert.Equal("""{"type":"connection_ack"}""", await client.ReceiveAsync());
        return client;
    }

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text, bool endOfMessage = true) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage, CancellationToken.None).WaitAsync(Deadline);

    public Task SubscribeAsync(string id, string query) =>
        SendAsync(JsonSerializer.Serialize(new { id, type = "subscribe", payload = new { query } }));

    public async Task<string> ReceiveAsync()
    {
        (string? text, _) = await ReadAsync();
        return text ?? throw new InvalidOperationException($"Closed with {(int?)socket.CloseStatus} {socket.CloseStatusDescription}");
    }

    /// <summary>Expects the socket to be closed, completes the handshake, and returns the code and the reason.</summary>
    public async Task<(int Code, string Reason)> ReceiveCloseAsync()
    {
        (string? text, (int Code, string Reason) close) = await ReadAsync();
        Assert.Null(text);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Deadline);
        return close;
    }

    /// <summary>Closes and waits for the server's response.</summary>
    public Task CloseAsync() => socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Deadline);

    public string? Protocol => socket.SubProtocol;

    public void Dispose() => socket.Dispose();

    private async Task<(string? Text, (int Code, string Reason) Close)> ReadAsync()
    {
        byte[] buffer = new byte[4096];
        using var whole = new MemoryStream();
        while (true)
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Deadline);
            if (received.MessageType == WebSocketMessageType.Close)
                return (null, ((int)received.CloseStatus!, received.CloseStatusDescription ?? ""));
            whole.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
                return (Encoding.UTF8.GetString(whole.ToArray()), default);
        }
    }
}
