using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>Reads a response that stays open, byte by byte as it arrives.</summary>
internal sealed class StreamClient : IDisposable
{
    public const string EventStream = "text/event-stream";

    private readonly HttpResponseMessage response;
    private readonly Stream body;
    private readonly StringBuilder text = new();

    private StreamClient(HttpResponseMessage response, Stream body) => (this.response, this.body) = (response, body);

    public HttpResponseMessage Response => response;

    public int Status => (int)response.StatusCode;

    public static Task<StreamClient> PostAsync(TransportServer server, string query, string accept = EventStream, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "")
        {
            Content = new StringContent(JsonSerializer.Serialize(new { query }), MediaTypeHeaderValue.Parse("application/json")),
        };
        return SendAsync(server, request, accept, headers);
    }

    public static Task<StreamClient> GetAsync(
        TransportServer server, string parameters, string accept = EventStream, params (string Name, string Value)[] headers) =>
        SendAsync(server, new HttpRequestMessage(HttpMethod.Get, parameters), accept, headers);

    public static async Task<StreamClient> SendAsync(
        TransportServer server, HttpRequestMessage request, string accept, params (string Name, string Value)[] headers)
    {
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(TimeSpan.FromSeconds(20));
        return new StreamClient(response, await response.Content.ReadAsStreamAsync());
    }

    public string? Header(string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) || response.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;

    /// <summary>Everything received, once it ends with this.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
            Assert.True(await ReadSomeAsync(), $"The answer ended without {end}: {text}");
        return text.ToString();
    }

    /// <summary>The whole response.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadSomeAsync())
        {
            // More may come.
        }
        return text.ToString();
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }

    private async Task<bool> ReadSomeAsync()
    {
        byte[] buffer = new byte[1];
        int count = await body.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return count > 0;
    }
}
