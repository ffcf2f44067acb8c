using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using Mycelium.GraphQL.Edge;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Edge;

/// <summary>Behind the real nginx with the configuration of docker-compose.yml: only the proxy determines a caller's address and scheme.</summary>
[Collection(ApiCollection.Name)]
public sealed class ProxyTests(ApiHost host)
{
    private const string Host = "market.example";

    private static readonly (string, string)[] production =
        [("environment", "Production"), ("AllowedHosts", $"{Host};127.0.0.1"), ("Proxies:Known", "127.0.0.1"), ("Accounts:CallsPerMinute", "2")];

    [Fact]
    public async Task Callers_are_counted_by_the_address_that_the_proxy_saw_whatever_they_claim()
    {
        await using Replica replica = host.StartReplica(production);
        using Nginx proxy = await Nginx.StartAsync(replica.Address);

        HttpStatusCode[] first =
            [await SignInAsync(proxy.Plain, "127.0.0.2"), await SignInAsync(proxy.Plain, "127.0.0.2"), await SignInAsync(proxy.Plain, "127.0.0.2")];
        HttpStatusCode forged = await SignInAsync(proxy.Plain, "127.0.0.2", forwardedFor: "127.0.0.9");
        HttpStatusCode other = await SignInAsync(proxy.Plain, "127.0.0.3");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], first);
        Assert.Equal(HttpStatusCode.TooManyRequests, forged);
        Assert.Equal(HttpStatusCode.Unauthorized, other);
    }

    [Fact]
    public async Task An_unknown_proxy_cannot_forward_addresses()
    {
        await using Replica replica = host.StartReplica(production);

        HttpStatusCode[] direct = await Task.WhenAll(
            Enumerable.Range(1, 4).Select(number => SignInAsync(replica.Address, "127.0.0.4", forwardedFor: $"10.0.0.{number}")));

        Assert.Equal(2, direct.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task A_page_may_open_a_socket_when_scheme_host_and_port_match_the_service()
    {
        await using Replica replica = host.StartReplica(production);
        using Nginx proxy = await Nginx.StartAsync(replica.Address);
        string http = proxy.Plain.GetLeftPart(UriPartial.Authority), https = proxy.Secure.GetLeftPart(UriPartial.Authority);

        int[] statuses =
        [
            await UpgradeAsync(proxy.Plain, http),
            await UpgradeAsync(proxy.Secure, https),
            await UpgradeAsync(proxy.Secure, "http" + https["https".Length..]),
            await UpgradeAsync(proxy.Secure, http),
            await UpgradeAsync(proxy.Plain, "https" + http["http".Length..]),
            await UpgradeAsync(proxy.Plain, "https" + http["http".Length..], scheme: "https"), // Claimed by the caller.
        ];

        Assert.Equal([101, 101, 403, 403, 403, 403], statuses);
    }

    [Fact]
    public async Task The_scheme_from_a_known_outer_proxy_is_passed_on()
    {
        await using Replica replica = host.StartReplica(production);
        using Nginx proxy = await Nginx.StartAsync(replica.Address, outerProxy: "127.0.0.6");
        string page = "https" + proxy.Plain.GetLeftPart(UriPartial.Authority)["http".Length..];

        Assert.Equal(101, await UpgradeAsync(proxy.Plain, page, from: "127.0.0.6", scheme: "https"));
        Assert.Equal(403, await UpgradeAsync(proxy.Plain, page, from: "127.0.0.7", scheme: "https"));
    }

    [Fact]
    public async Task Responses_over_HTTPS_enforce_HTTPS_and_all_responses_forbid_type_sniffing()
    {
        await using Replica replica = host.StartReplica(production);
        using Nginx proxy = await Nginx.StartAsync(replica.Address);

        using HttpResponseMessage secure = await SendAsync(proxy.Secure, HttpMethod.Get, "/health/live", headers: [("Host", Host)]);
        using HttpResponseMessage plain = await SendAsync(proxy.Plain, HttpMethod.Get, "/health/live", headers: [("Host", Host)]);

        Assert.Equal("max-age=31536000", string.Join(", ", secure.Headers.GetValues("Strict-Transport-Security")));
        Assert.False(plain.Headers.Contains("Strict-Transport-Security"));
        Assert.All([secure, plain], response => Assert.Equal(
            ["nosniff", "no-referrer"],
            [.. response.Headers.GetValues("X-Content-Type-Options"), .. response.Headers.GetValues("Referrer-Policy")]));
        Assert.All([secure, plain], response => Assert.Equal("nginx", response.Headers.Server.ToString())); // Without a version.
    }

    [Fact]
    public async Task The_proxy_log_contains_the_path_but_neither_the_query_string_nor_the_referer()
    {
        await using Replica replica = host.StartReplica(production);
        using Nginx proxy = await Nginx.StartAsync(replica.Address);

        using HttpResponseMessage response = await SendAsync(
            proxy.Plain, HttpMethod.Get, "/account/confirmEmail?userId=1&code=canary", headers: [("Host", Host), ("Referer", $"https://{Host}/?code=canary")]);

        await Eventually.HoldsAsync(() => proxy.AccessLog.Contains("\"GET /account/confirmEmail\" ", StringComparison.Ordinal), "the request is in the log");
        Assert.DoesNotContain("canary", proxy.AccessLog, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/graphql?query={__typename}")]
    [InlineData("/account/login")]
    [InlineData("/nowhere")]
    public async Task Every_response_forbids_type_sniffing(string path)
    {
        using HttpResponseMessage response = await SendAsync(host.Replica.Address, HttpMethod.Get, path);

        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    /// <summary>With DNS rebinding, a page of a foreign site whose name resolves to this machine would count as same-origin.</summary>
    [Theory]
    [InlineData("evil.example", HttpStatusCode.BadRequest)]
    [InlineData("localhost", HttpStatusCode.OK)]
    public async Task Requests_for_another_host_are_refused(string name, HttpStatusCode status)
    {
        using HttpResponseMessage response = await SendAsync(
            host.Replica.Address, HttpMethod.Get, "/graphql?query={__typename}", headers: [("Host", name), ("Accept", "application/json")]);
        using HttpResponseMessage probe = await SendAsync(host.Replica.Address, HttpMethod.Get, "/health/live", headers: [("Host", name)]);

        Assert.Equal((status, HttpStatusCode.OK), (response.StatusCode, probe.StatusCode)); // Health probes address a replica by its IP address.
    }

    [Theory]
    [InlineData("10.0.0.0/0")]
    [InlineData("128.0.0.0/1")]
    [InlineData("2001::/16")]
    [InlineData("proxy.internal")]
    [InlineData("10.0.0.1/33")]
    public void A_proxy_setting_that_is_neither_an_address_nor_a_network_is_refused_with_an_explanation(string known) =>
        Assert.StartsWith(
            $"Proxies:Known: '{known}'",
            Assert.Throws<InvalidOperationException>(() => new KnownProxies { Known = $"10.0.0.7, {known}" }.Apply(new())).Message, StringComparison.Ordinal);

    private static async Task<HttpStatusCode> SignInAsync(Uri address, string from, string? forwardedFor = null)
    {
        using HttpResponseMessage response = await SendAsync(
            address, HttpMethod.Post, "/account/login", from, JsonContent.Create(new { email = "nobody@example.org", password = "Not-a-password-1" }),
            forwardedFor is null ? [] : [("X-Forwarded-For", forwardedFor)]);
        return response.StatusCode;
    }

    private static async Task<int> UpgradeAsync(Uri address, string origin, string from = "127.0.0.1", string? scheme = null)
    {
        (string, string)[] headers =
        [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ("Sec-WebSocket-Protocol", "graphql-transport-ws"), ("Origin", origin),
        ];
        using HttpResponseMessage response = await SendAsync(
            address, HttpMethod.Get, "/graphql", from, headers: scheme is null ? headers : [.. headers, ("X-Forwarded-Proto", scheme)]);
        return (int)response.StatusCode;
    }

    /// <summary>Sends a request from one of the loopback addresses, each of which counts as a different caller.</summary>
    private static async Task<HttpResponseMessage> SendAsync(
        Uri address, HttpMethod method, string path, string from = "127.0.0.1", HttpContent? content = null, (string Name, string Value)[]? headers = null)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=localhost" }, // Self-signed.
            ConnectCallback = async (connection, cancellation) =>
            {
                var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, connection.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var http = new HttpClient(handler);
        using var request = new HttpRequestMessage(method, new Uri(address, path)) { Content = content };
        foreach ((string name, string value) in headers ?? [])
            request.Headers.TryAddWithoutValidation(name, value);
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
            await response.Content.LoadIntoBufferAsync();
        return response;
    }
}
