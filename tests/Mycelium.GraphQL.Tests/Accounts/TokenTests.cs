using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>Tokens that an attacker sealed with the stolen key, and tokens that are not sealed at all.</summary>
[Collection(ApiCollection.Name)]
public sealed class TokenTests(ApiHost host)
{
    private const string Me = """{"query":"{ me { email } }"}""";

    [Fact]
    public async Task A_forged_ticket_for_a_nonexistent_operator_deposits_nothing()
    {
        string forged = Seal(Guid.NewGuid(), "stamp", issued: Now, expires: Now + TimeSpan.FromDays(3650));

        Assert.Equal("UNAUTHENTICATED", await host.Client(forged).MutationErrorCodeAsync(
            "depositFunds", new { accountId = await ApiHost.GlobalIdAsync(host.Farmer), amount = 1_000, idempotencyKey = host.NewKey() }));
    }

    [Fact]
    public async Task A_ten_year_ticket_expires_one_lifetime_after_it_was_issued()
    {
        (Guid id, string stamp) = await AccountAsync();
        TimeSpan lifetime = host.Replica.Get<IOptions<AccountSettings>>().Value.TokenLifetime;

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(Seal(id, stamp, Now - lifetime + TimeSpan.FromMinutes(1), Now + TimeSpan.FromDays(3650))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, Now - lifetime - TimeSpan.FromSeconds(1), Now + TimeSpan.FromDays(3650))));
    }

    [Fact]
    public async Task A_socket_with_a_ten_year_ticket_gets_the_effective_expiry()
    {
        (Guid id, string stamp) = await AccountAsync();
        TimeSpan lifetime = host.Replica.Get<IOptions<AccountSettings>>().Value.TokenLifetime;

        AuthenticateResult read = await host.Replica.Get<TokenReader>().ReadAsync(Seal(id, stamp, Now, Now + TimeSpan.FromDays(3650)));

        Assert.InRange(read.Properties!.ExpiresUtc!.Value, Now + lifetime - TimeSpan.FromMinutes(1), Now + lifetime + TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(3650 * 24)]
    [InlineData(13)]
    public async Task A_ticket_without_an_issue_time_is_refused_when_it_expires_beyond_one_lifetime(int hours)
    {
        (Guid id, string stamp) = await AccountAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, issued: null, Now + TimeSpan.FromHours(hours))));
    }

    [Fact]
    public async Task Future_and_expired_tickets_and_tickets_with_another_stamp_are_refused()
    {
        (Guid id, string stamp) = await AccountAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, Now + TimeSpan.FromHours(1), Now + TimeSpan.FromHours(2))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, Now - TimeSpan.FromHours(1), Now - TimeSpan.FromSeconds(1))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, "another", Now, Now + TimeSpan.FromHours(1))));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, Now, Now + TimeSpan.FromHours(1), signIn: Guid.NewGuid().ToString())));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(Seal(id, stamp, Now, Now + TimeSpan.FromHours(1), signIn: "none")));
    }

    [Fact]
    public async Task A_token_of_the_previous_release_stays_valid_with_the_current_roles()
    {
        (Guid id, string stamp) = await AccountAsync();
        var services = new ServiceCollection().AddSingleton(host.Replica.Get<IDataProtectionProvider>());
        services.AddAuthentication().AddBearerToken(IdentityConstants.BearerScheme);
        ISecureDataFormat<AuthenticationTicket> before = services.BuildServiceProvider()
            .GetRequiredService<IOptionsMonitor<BearerTokenOptions>>().Get(IdentityConstants.BearerScheme).BearerTokenProtector;
        var identity = new ClaimsIdentity(
            [
                new(ClaimTypes.NameIdentifier, id.ToString()), new(ClaimTypes.Email, "a@example.org"),
                new("AspNet.Identity.SecurityStamp", stamp), new(ClaimTypes.Role, "operator"),
            ],
            "Identity.Application");
        string token = before.Protect(new AuthenticationTicket(
            new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = Now + TimeSpan.FromHours(1) }, "Identity.Bearer"));

        Assert.Equal(["RENTER"], await host.Client(token).RolesAsync());
    }

    public static TheoryData<string> Refused => ["Bearer garbage", "Bearer ", "bearer none.of.ours", "Basic dXNlcjpwYXNzd29yZA==", "Negotiate", "garbage"];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task An_invalid_Authorization_header_gets_401_everywhere(string authorization)
    {
        (string Method, string Path, string? Body, string? Accept)[] requests =
        [
            ("POST", "/graphql", Me, null), ("GET", "/graphql?query=%7B__typename%7D", null, null), ("POST", "/graphql", Me, "text/event-stream"),
            ("GET", "/graphql?query=%7B__typename%7D", null, "text/event-stream"),
            ("POST", "/graphql", $"[{Me},{Me}]", null), ("PUT", "/graphql", null, null), ("GET", "/graphql?sdl", null, null),
            ("GET", "/graphql/schema", null, null), ("GET", "/graphql/persisted/abc", null, null),
            ("POST", "/graphql/persisted/abc", "{}", null), ("GET", "/account/manage/info", null, null),
            ("POST", "/account/manage/info", "{}", null), ("POST", "/account/manage/2fa", "{}", null), ("GET", "/health/ready", null, null),
        ];
        using var http = new HttpClient { BaseAddress = host.Replica.Address };
        foreach ((string method, string path, string? body, string? accept) in requests)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
            if (body is not null)
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");

            using HttpResponseMessage response = await http.SendAsync(request);

            string text = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path}: {response.StatusCode} {text}");
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.Contains("\"UNAUTHENTICATED\"", text, StringComparison.Ordinal);
            Assert.True(response.Headers.CacheControl!.NoStore);
        }
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_socket_whose_upgrade_request_has_such_a_header_is_closed_with_4403(string authorization)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        socket.Options.SetRequestHeader("Authorization", authorization);
        await socket.ConnectAsync(new UriBuilder(host.Replica.Address) { Scheme = "ws", Path = "/graphql" }.Uri, default);
        await socket.SendAsync("{\"type\":\"connection_init\"}"u8.ToArray(), WebSocketMessageType.Text, true, default);

        await socket.ReceiveAsync(new byte[1_024], default).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(4403, (int?)socket.CloseStatus);
    }

    [Fact]
    public async Task A_cookie_signs_nobody_in()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        using HttpResponseMessage signedIn = await host.Anyone.PostAsync(
            "/account/login?useCookies=true", new { email = tokens.Email, password = ApiHost.Password });
        Assert.False(signedIn.Headers.Contains("Set-Cookie"));
        using var http = new HttpClient { BaseAddress = host.Replica.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql") { Content = new StringContent(Me, Encoding.UTF8, "application/json") };
        request.Headers.Add("Cookie", $".AspNetCore.Identity.Application={tokens.AccessToken}");

        using HttpResponseMessage response = await http.SendAsync(request);

        Assert.Contains("\"me\":null", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Seals a ticket as anyone with the key could.</summary>
    private string Seal(Guid account, string stamp, DateTimeOffset? issued, DateTimeOffset expires, string? signIn = null)
    {
        List<Claim> claims =
        [
            new(ClaimTypes.NameIdentifier, account.ToString()), new(ClaimTypes.Email, "a@example.org"),
            new("AspNet.Identity.SecurityStamp", stamp), new(ClaimTypes.Role, "operator"),
        ];
        if (signIn is not null)
            claims.Add(new Claim("mycelium:sign-in", signIn));
        var format = new TicketDataFormat(
            host.Replica.Get<IDataProtectionProvider>().CreateProtector("Microsoft.AspNetCore.Authentication.BearerToken", "Identity.Bearer", "BearerToken"));
        return format.Protect(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity(claims, "test")),
            new AuthenticationProperties { IssuedUtc = issued, ExpiresUtc = expires }, "Identity.Bearer"));
    }

    private async Task<(Guid Id, string Stamp)> AccountAsync()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        object? id = await host.ScalarAsync("SELECT id FROM accounts WHERE email = $1", tokens.Email);
        object? stamp = await host.ScalarAsync("SELECT security_stamp FROM accounts WHERE email = $1", tokens.Email);
        return ((Guid)id!, (string)stamp!);
    }

    private async Task<HttpStatusCode> StatusAsync(string token)
    {
        using HttpResponseMessage response = await host.Client(token).PostAsync("/graphql", new { query = "{ me { email } }" });
        return response.StatusCode;
    }
}
