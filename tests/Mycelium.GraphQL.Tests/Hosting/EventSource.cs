using System.Net.Http.Headers;
using System.Text.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>A subscription over GET as server-sent events.</summary>
public sealed class EventSource : IDisposable
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);
    private readonly HttpClient http = new();
    private HttpResponseMessage response = null!;
    private StreamReader lines = null!;

    private EventSource()
    {
    }

    public static async Task<EventSource> OpenAsync(Api caller, string query, string? lastEventId = null)
    {
        var source = new EventSource();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(caller.Address, $"/graphql?query={Uri.EscapeDataString(query)}"));
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (caller.Token is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        source.response = await source.http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).WaitAsync(deadline);
        Assert.Equal("text/event-stream", source.response.Content.Headers.ContentType?.MediaType);
        source.lines = new StreamReader(await source.response.Content.ReadAsStreamAsync());
        return source;
    }

    /// <summary>Returns the id and the <c>data</c> of the next event.</summary>
    public async Task<(string Id, JsonElement Message)> NextAsync()
    {
        (string id, JsonElement payload) = await ReadAsync();
        Assert.False(payload.TryGetProperty("errors", out _), payload.GetRawText());
        return (id, payload.GetProperty("data"));
    }

    /// <summary>Returns everything until the server ends the stream.</summary>
    public Task<string> ReadToEndAsync() => lines.ReadToEndAsync().WaitAsync(deadline);

    /// <summary>Returns the code with which the subscription was refused.</summary>
    public async Task<string?> ErrorCodeAsync() =>
        (await ReadAsync()).Payload.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString();

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
        http.Dispose();
    }

    private async Task<(string Id, JsonElement Payload)> ReadAsync()
    {
        string id = "";
        while (true)
        {
            string line = await lines.ReadLineAsync().WaitAsync(deadline) ?? throw new InvalidOperationException("The stream ended.");
            if (line.StartsWith("id: ", StringComparison.Ordinal))
                id = line["id: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (id, JsonElement.Parse(line["data: ".Length..]));
        }
    }
}
