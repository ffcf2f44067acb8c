using System.Net.WebSockets;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>One subscription over a WebSocket with <c>graphql-transport-ws</c>. Every wait has a deadline.</summary>
public sealed class Socket : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);
    private readonly ClientWebSocket socket = new();

    private Socket()
    {
    }

    /// <summary>
    /// Returns how a subscription is refused: the code of its error or, before it can start, the reason with which the socket is closed.
    /// </summary>
    public static async Task<string?> RefusalAsync(Api caller, string query)
    {
        using Socket client = await OpenAsync(caller);
        WebSocketReceiveResult first = await client.socket.ReceiveAsync(new byte[16_384], CancellationToken.None).WaitAsync(deadline);
        if (first.MessageType == WebSocketMessageType.Close)
            return client.socket.CloseStatusDescription;
        await client.SendAsync(new { id = "1", type = "subscribe", payload = new { query } });
        return await client.ErrorCodeAsync();
    }

    public static async Task<Socket> SubscribeAsync(Api caller, string query, object? variables = null)
    {
        Socket client = await OpenAsync(caller);
        Assert.Equal("connection_ack", (await client.ReceiveAsync()).GetProperty("type").GetString());
        await client.SendAsync(new { id = "1", type = "subscribe", payload = new { query, variables } });
        return client;
    }

    private static async Task<Socket> OpenAsync(Api caller)
    {
        var client = new Socket();
        client.socket.Options.AddSubProtocol("graphql-transport-ws");
        Uri address = new UriBuilder(caller.Address) { Scheme = "ws", Path = "/graphql" }.Uri;
        await client.socket.ConnectAsync(address, CancellationToken.None).WaitAsync(deadline);
        await client.SendAsync(caller.Token is { } token
            ? new { type = "connection_init", payload = new { Authorization = $"Bearer {token}" } }
            : new { type = "connection_init" });
        return client;
    }

    /// <summary>Returns the value of the only field of the next message.</summary>
    public async Task<JsonElement> NextAsync()
    {
        JsonElement message = await ReceiveAsync();
        Assert.True(message.GetProperty("type").GetString() == "next", message.GetRawText());
        JsonElement payload = message.GetProperty("payload");
        Assert.False(payload.TryGetProperty("errors", out _), payload.GetRawText());
        return payload.GetProperty("data").EnumerateObject().Single().Value;
    }

    /// <summary>Runs another operation on the socket and returns the value of its only field.</summary>
    public async Task<JsonElement> AskAsync(string id, string query)
    {
        await SendAsync(new { id, type = "subscribe", payload = new { query } });
        while (true)
        {
            JsonElement message = await ReceiveAsync();
            if (message.GetProperty("id").GetString() == id)
                return message.GetProperty("payload").GetProperty("data").EnumerateObject().Single().Value;
        }
    }

    /// <summary>Returns the next message with this reason. A snapshot may already include changes whose events follow it.</summary>
    public async Task<JsonElement> NextAsync(string reason)
    {
        while (true)
        {
            JsonElement message = await NextAsync();
            if (message.Kind() == reason)
                return message;
            Assert.NotEqual("RESET", message.Kind()); // The awaited change may be part of the snapshot and never arrive.
        }
    }

    /// <summary>Returns the code with which the subscription was refused.</summary>
    public async Task<string?> ErrorCodeAsync()
    {
        JsonElement message = await ReceiveAsync();
        JsonElement payload = message.GetProperty("payload");
        JsonElement errors = payload.ValueKind == JsonValueKind.Array ? payload : payload.GetProperty("errors");
        return errors[0].GetProperty("extensions").GetProperty("code").GetString();
    }

    /// <summary>Returns how the server closes the socket; messages before that are skipped.</summary>
    public async Task<(int Code, string Reason)> ClosedAsync()
    {
        byte[] buffer = new byte[16_384];
        while ((await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(deadline)).MessageType != WebSocketMessageType.Close)
        {
            // A message sent before the close.
        }
        return ((int)socket.CloseStatus!, socket.CloseStatusDescription!);
    }

    public void Dispose() => socket.Dispose();

    private Task SendAsync(object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None)
            .WaitAsync(deadline);

    private async Task<JsonElement> ReceiveAsync()
    {
        byte[] buffer = new byte[16_384];
        using var whole = new MemoryStream();
        while (true)
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(deadline);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            whole.Write(buffer, 0, received.Count);
            if (!received.EndOfMessage)
                continue;
            JsonElement message = JsonSerializer.Deserialize<JsonElement>(whole.ToArray());
            if (message.GetProperty("type").GetString() != "ping")
                return message;
            await SendAsync(new { type = "pong" });
            whole.SetLength(0);
        }
    }
}
