using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mycelium.EndToEnd.Tests;

/// <summary>A client of one replica over real HTTP, as one account or anonymously.</summary>
public sealed class ApiClient(Uri replica, string? token = null) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1_000 })
    {
        BaseAddress = replica,
        Timeout = TimeSpan.FromSeconds(60),
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>Returns the <c>data</c> of the response.</summary>
    /// <exception cref="InvalidOperationException">The response has errors; the message contains the whole response.</exception>
    public async Task<JsonElement> Data(string query, object? variables = null)
    {
        JsonElement answer = await Send(query, variables);
        return answer.TryGetProperty("errors", out _)
            ? throw new InvalidOperationException(answer.GetRawText())
            : answer.GetProperty("data");
    }

    /// <summary>Returns the whole response.</summary>
    public async Task<JsonElement> Send(string query, object? variables = null)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/graphql", new { query, variables });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    public async Task<string> Get(string path)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(path, UriKind.Relative));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Creates an account with this e-mail address.</summary>
    public async Task Register(string email, string password)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/account/register", new { email, password });
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException(await response.Content.ReadAsStringAsync());
    }

    /// <summary>Returns the access token of an account.</summary>
    public async Task<string> LogIn(string email, string password)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/account/login", new { email, password });
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("accessToken", out JsonElement access) ? access.GetString()! : throw new InvalidOperationException(answer.GetRawText());
    }

    public void Dispose() => http.Dispose();
}
