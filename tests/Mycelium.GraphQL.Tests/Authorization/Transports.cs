using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Authorization;

/// <summary>Returns the first result of an operation over one of the three transports.</summary>
internal interface ITransport : IDisposable
{
    Task<JsonElement> FirstResultAsync(string document);

    static ITransport Open(string name, Api caller) => name switch
    {
        "HTTP" => new Requests(caller, "application/json"),
        "SSE" => new Requests(caller, "text/event-stream"),
        _ => new OneSocket(caller),
    };

    private sealed class Requests(Api caller, string accept) : ITransport
    {
        private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(20) };

        public async Task<JsonElement> FirstResultAsync(string document)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(caller.Address, "/graphql"));
            request.Content = JsonContent.Create(new { query = document });
            request.Headers.Accept.ParseAdd(accept);
            request.Headers.Authorization = caller.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
                return await response.Content.ReadFromJsonAsync<JsonElement>();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
            while (await lines.ReadLineAsync().WaitAsync(http.Timeout) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return JsonElement.Parse(line["data: ".Length..]);
            }
            throw new InvalidOperationException($"The stream ended without a message: {document}");
        }

        public void Dispose() => http.Dispose();
    }

    /// <summary>Sends all operations over the same socket.</summary>
    private sealed class OneSocket(Api caller) : ITransport
    {
        private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);
        private readonly ClientWebSocket socket = new();
        private int operations;

        public async Task<JsonElement> FirstResultAsync(string document)
        {
            if (socket.State == WebSocketState.None)
                await ConnectAsync();
            string id = FormattableString.Invariant($"{++operations}");
            await SendAsync(new { id, type = "subscribe", payload = new { query = document } });
            while (true)
            {
                JsonElement message = await ReceiveAsync();
                if (!message.TryGetProperty("id", out JsonElement of) || of.GetString() != id)
                    continue;
                JsonElement payload = message.GetProperty("payload");
                await SendAsync(new { id, type = "complete" });
                return message.GetProperty("type").GetString() == "error" ? JsonSerializer.SerializeToElement(new { errors = payload }) : payload;
            }
        }

        public void Dispose() => socket.Dispose();

        private async Task ConnectAsync()
        {
            socket.Options.AddSubProtocol("graphql-transport-ws");
            await socket.ConnectAsync(new UriBuilder(caller.Address) { Scheme = "ws", Path = "/graphql" }.Uri, CancellationToken.None).WaitAsync(deadline);
            await SendAsync(caller.Token is { } token
                ? new { type = "connection_init", payload = new { Authorization = $"Bearer {token}" } }
                : new { type = "connection_init" });
            Assert.Equal("connection_ack", (await ReceiveAsync()).GetProperty("type").GetString());
        }

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
                if (received.EndOfMessage)
                    return JsonSerializer.Deserialize<JsonElement>(whole.ToArray());
            }
        }
    }
}
