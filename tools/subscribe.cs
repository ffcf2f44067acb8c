#:property PublishAot=false
// Prints what a subscription delivers, one JSON line per message, until Ctrl-C. Speaks graphql-transport-ws.
//   dotnet run tools/subscribe.cs -- http://localhost:5000/graphql 'subscription { … }' [token]
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: dotnet run tools/subscribe.cs -- URL 'subscription { … }' [token]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

using var socket = new ClientWebSocket();
socket.Options.AddSubProtocol("graphql-transport-ws");
await socket.ConnectAsync(new UriBuilder(args[0]) { Scheme = args[0].StartsWith("https", StringComparison.OrdinalIgnoreCase) ? "wss" : "ws" }.Uri, stop.Token);
await Send(new JsonObject
{
    ["type"] = "connection_init",
    ["payload"] = args.Length == 3 ? new JsonObject { ["Authorization"] = "Bearer " + args[2] } : new JsonObject(),
});

try
{
    while (await Receive() is { } message)
    {
        switch ((string?)message["type"])
        {
            case "connection_ack":
                await Send(new JsonObject { ["id"] = "1", ["type"] = "subscribe", ["payload"] = new JsonObject { ["query"] = args[1] } });
                break;
            case "ping":
                await Send(new JsonObject { ["type"] = "pong" });
                break;
            case "next" or "error":
                Console.WriteLine(message["payload"]?.ToJsonString());
                break;
            case "complete":
                return 0;
        }
    }
    Console.Error.WriteLine($"closed by the server: {(int?)socket.CloseStatus} {socket.CloseStatusDescription}");
    return 1;
}
catch (OperationCanceledException)
{
    return 0;
}

Task Send(JsonObject message) => socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes((JsonNode)message), WebSocketMessageType.Text, true, stop.Token);

async Task<JsonNode?> Receive()
{
    using var whole = new MemoryStream();
    byte[] part = new byte[16_384];
    while (true)
    {
        WebSocketReceiveResult read = await socket.ReceiveAsync(part, stop.Token);
        if (read.MessageType == WebSocketMessageType.Close)
            return null;
        whole.Write(part, 0, read.Count);
        if (read.EndOfMessage)
            return JsonNode.Parse(whole.ToArray());
    }
}
