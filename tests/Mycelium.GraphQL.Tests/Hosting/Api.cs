using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Mycelium.GraphQL.Tests.Hosting;

/// <summary>A client over HTTP, as one account or anonymous.</summary>
public sealed class Api(Uri address, string? token = null) : IDisposable
{
    private readonly HttpClient http = new()
    {
        BaseAddress = address,
        DefaultRequestHeaders = { Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token) },
    };

    public Uri Address => address;
    public string? Token => token;

    /// <summary>Returns the whole response.</summary>
    public async Task<JsonElement> SendAsync(string query, object? variables = null)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/graphql", new { query, variables });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Returns the <c>data</c> of a response without errors.</summary>
    public async Task<JsonElement> DataAsync(string query, object? variables = null)
    {
        JsonElement answer = await SendAsync(query, variables);
        Assert.False(answer.TryGetProperty("errors", out _), answer.GetRawText());
        return answer.GetProperty("data");
    }

    /// <summary>Returns the member of the mutation's union; <paramref name="selection"/> is the selection on members that are not refusals.</summary>
    public async Task<JsonElement> MutateAsync(string operation, object input, string selection = "") =>
        (await DataAsync(Mutation(operation, selection), new { input })).GetProperty("answer");

    /// <summary>Returns the code of the only error.</summary>
    public async Task<string?> ErrorCodeAsync(string query, object? variables = null)
    {
        JsonElement answer = await SendAsync(query, variables);
        Assert.True(answer.TryGetProperty("errors", out JsonElement errors), answer.GetRawText());
        return Assert.Single(errors.EnumerateArray()).GetProperty("extensions").GetProperty("code").GetString();
    }

    public Task<string?> MutationErrorCodeAsync(string operation, object input) => ErrorCodeAsync(Mutation(operation, ""), new { input });

    public async Task<decimal> BalanceAsync() =>
        (await DataAsync("{ me { wallet { balance } } }")).GetProperty("me").GetProperty("wallet").GetProperty("balance").GetDollars();

    public async Task<string[]> RolesAsync() =>
        [.. (await DataAsync("{ me { roles } }")).GetProperty("me").GetProperty("roles").EnumerateArray().Select(role => role.GetString()!)];

    public Task<HttpResponseMessage> PostAsync(string path, object body) => http.PostAsJsonAsync(path, body);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path) => http.GetAsync(new Uri(path, UriKind.Relative));

    public void Dispose() => http.Dispose();

    private static string Mutation(string operation, string selection) =>
        $$"""
        mutation($input: {{char.ToUpperInvariant(operation[0])}}{{operation[1..]}}Input!) {
          answer: {{operation}}(input: $input) { __typename ... on Problem { message code } {{selection}} }
        }
        """;
}
