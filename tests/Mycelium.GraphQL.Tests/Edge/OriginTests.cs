using System.Text.Json;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Edge;

/// <summary>Which web pages may call the service from a browser: over HTTP, as an event stream, and over a socket.</summary>
[Collection(ApiCollection.Name)]
public sealed class OriginTests(ApiHost host)
{
    private static readonly (string Origin, bool IsAllowed)[] inDevelopment =
    [
        ("http://localhost:5173", true),
        ("http://localhost", true),
        ("https://localhost:3000", true),
        ("http://127.0.0.1:5173", true),
        ("http://[::1]:8080", true),
        ("https://app.example.com", true),
        ("http://app.example.com", false),
        ("https://app.example.com:8443", false),
        ("http://localhost.evil.com", false),
        ("http://localhost@evil.com", false),
        ("http://evil.com@localhost", false),
        ("http://evil.com#localhost", false),
        ("http://localhost:5173.evil.com", false),
        ("http://localhost:5173/", false),
        ("http://localhost:5173, https://evil.example", false),
        ("http://notlocalhost", false),
        ("http://127.0.0.1.evil.com", false),
        ("http://127.0.0.2:5173", false),
        ("http://127.1", false),
        ("http://[::2]:5173", false),
        ("http://0.0.0.0:5173", false),
        ("ftp://localhost", false),
        ("chrome-extension://localhost", false),
        ("file://", false),
        ("localhost:5173", false),
        ("null", false),
        ("https://evil.example", false),
    ];

    private static readonly (string Origin, bool IsAllowed)[] inProduction =
    [
        ("https://app.example.com", true),
        ("http://localhost:5173", false),
        ("http://127.0.0.1:5173", false),
        ("http://[::1]:5173", false),
        ("https://evil.example", false),
        ("null", false),
    ];

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Configured_origins_may_call_and_in_Development_local_ones_too(string environment)
    {
        await using Replica replica = host.StartReplica(("environment", environment), ("Cors:AllowedOrigins", "https://app.example.com"));

        foreach ((string origin, bool isAllowed) in environment == "Development" ? inDevelopment : inProduction)
            await AssertAllowedAsync(replica.Address, origin, isAllowed);
    }

    [Fact]
    public async Task A_same_origin_page_may_open_a_socket()
    {
        using HttpResponseMessage upgrade = await UpgradeAsync(host.Replica.Address, host.Replica.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal(101, (int)upgrade.StatusCode);
    }

    [Theory]
    [InlineData("https://APP.example.com/", "https://app.example.com", true)]
    [InlineData("https://app.example.com:443", "https://app.example.com", true)]
    [InlineData("https://münchen.example", "https://xn--mnchen-3ya.example", true)]
    [InlineData("https://one.example, https://two.example", "https://two.example", true)]
    [InlineData("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080", true)]
    [InlineData("", "", false)]
    [InlineData("", "http://localhost:5173", false)]
    public void A_listed_origin_is_compared_as_browsers_write_it(string listed, string origin, bool isAllowed) =>
        Assert.Equal(isAllowed, new AllowedOrigins(new CorsSettings { AllowedOrigins = listed }, includingThisMachine: false).Has(origin));

    private static async Task AssertAllowedAsync(Uri address, string origin, bool isAllowed)
    {
        using HttpResponseMessage preflight = await SendAsync(
            address, HttpMethod.Options, "/graphql", origin, ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type,authorization"));
        using HttpResponseMessage query = await SendAsync(address, HttpMethod.Get, "/graphql?query={__typename}", origin, ("Accept", "application/json"));
        using HttpResponseMessage account = await SendAsync(address, HttpMethod.Options, "/account/login", origin, ("Access-Control-Request-Method", "POST"));
        using HttpResponseMessage stream = await SendAsync(
            address, HttpMethod.Get, "/graphql?query=subscription{onSliceCombinationChanged(where:{multiplier:{eq:0}}){__typename}}", origin,
            ("Accept", "text/event-stream"), ("Sec-Fetch-Site", "cross-site"));
        using HttpResponseMessage upgrade = await UpgradeAsync(address, origin);

        string statuses = string.Join(' ', ((HttpResponseMessage[])[preflight, account, stream, upgrade]).Select(response => (int)response.StatusCode));
        Assert.Equal((origin, isAllowed ? "204 204 200 101" : "403 403 400 403"), (origin, statuses));
        Assert.All((HttpResponseMessage[])[preflight, query, account, stream], response => Assert.Equal(isAllowed ? origin : null, AllowedBy(response)));
        if (!isAllowed)
            Assert.All([await CodeAsync(preflight), await CodeAsync(account), await CodeAsync(upgrade)], code => Assert.Equal("FORBIDDEN", code));
    }

    private static string? AllowedBy(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Access-Control-Allow-Origin", out IEnumerable<string>? values) ? values.Single() : null;

    private static async Task<string?> CodeAsync(HttpResponseMessage response)
    {
        JsonElement error = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("errors").EnumerateArray().Single();
        Assert.EndsWith(".", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        return error.GetProperty("extensions").GetProperty("code").GetString();
    }

    private static Task<HttpResponseMessage> UpgradeAsync(Uri address, string origin) => SendAsync(
        address, HttpMethod.Get, "/graphql", origin,
        ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Protocol", "graphql-transport-ws"));

    private static async Task<HttpResponseMessage> SendAsync(
        Uri address, HttpMethod method, string path, string origin, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Origin", origin);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if ((int)response.StatusCode >= 400)
            await response.Content.LoadIntoBufferAsync();
        return response;
    }
}
