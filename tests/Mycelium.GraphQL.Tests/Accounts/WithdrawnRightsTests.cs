using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>
/// Rights end within seconds of their withdrawal, at every replica, whatever the token says. The tests
/// withdraw them in SQL, as an administrator would.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class WithdrawnRightsTests(ApiHost host) : IAsyncLifetime
{
    private const string Follow = "subscription { onRentalChanged { __typename } }";
    private static readonly TimeSpan bound = TimeSpan.FromSeconds(5);

    /// <summary>Each statement takes the account's address.</summary>
    private static readonly Dictionary<string, string> ways = new()
    {
        ["role"] = "DELETE FROM account_roles USING accounts WHERE accounts.id = user_id AND email = $1",
        ["lock"] = "UPDATE accounts SET lockout_end = now() + interval '100 years' WHERE email = $1",
        ["stamp"] = "UPDATE accounts SET security_stamp = 'another' WHERE email = $1",
        ["sign-in"] = "UPDATE sign_ins SET ended_at = now() FROM accounts WHERE accounts.id = account_id AND email = $1",
        ["account"] = "WITH gone AS (SELECT id FROM accounts WHERE email = $1) UPDATE accounts SET security_stamp = NULL FROM gone WHERE accounts.id = gone.id",
    };

    private Replica other = null!;

    public Task InitializeAsync()
    {
        other = host.StartReplica();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => other.DisposeAsync().AsTask();

    [Theory]
    [InlineData("role", "FORBIDDEN", true)]
    [InlineData("lock", "UNAUTHENTICATED", false)]
    [InlineData("stamp", "UNAUTHENTICATED", false)]
    [InlineData("sign-in", "UNAUTHENTICATED", false)]
    [InlineData("account", "UNAUTHENTICATED", false)]
    public async Task Withdrawn_rights_end_requests_refreshes_sockets_and_streams_at_every_replica_within_five_seconds(
        string way, string code, bool isStillSignedIn)
    {
        Credentials tokens = await Credentials.NewAsync(host);
        string renter = await ApiHost.GlobalIdAsync(await host.RenterAsync(0));
        await host.SqlAsync(
            "INSERT INTO account_roles (user_id, role_id) SELECT accounts.id, roles.id FROM accounts, roles WHERE email = $1 AND roles.name = 'operator'",
            tokens.Email);
        Api[] callers = [host.Client(tokens.AccessToken), host.Client(tokens.AccessToken, other.Address)];
        foreach (Api caller in callers)
            await Eventually.HoldsAsync(async () => await DepositCodeAsync(caller, renter) is null, "the granted role takes effect with the existing token");
        using Socket here = await Socket.SubscribeAsync(callers[0], Follow);
        using Socket there = await Socket.SubscribeAsync(callers[1], Follow);
        using HttpClient http = new();
        using StreamReader streamed = await StreamAsync(http, callers[1]);

        await host.SqlAsync(ways[way], tokens.Email);
        Task<(int, string)>[] closings = [here.ClosedAsync(), there.ClosedAsync()];
        Task<string> lastOfStream = RestAsync(streamed);

        Assert.All(await Task.WhenAll(closings).WaitAsync(bound), closing => Assert.Equal((4403, "Forbidden: rights withdrawn"), closing));
        string rest = await lastOfStream.WaitAsync(bound);
        Assert.Contains("UNAUTHENTICATED", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("event: complete", rest, StringComparison.Ordinal);
        foreach (Api caller in callers)
            Assert.Equal(code, await DepositCodeAsync(caller, renter));
        Credentials? refreshed = await tokens.RefreshAsync(host.Anyone);
        Assert.Equal(isStillSignedIn, refreshed is not null);
        if (refreshed is not null)
            Assert.Equal("FORBIDDEN", await DepositCodeAsync(host.Client(refreshed.AccessToken), renter));
    }

    /// <summary>A locked table or a slow store must not let an operator keep their rights.</summary>
    [Fact]
    public async Task While_the_current_rights_of_an_account_are_unknown_its_token_alone_allows_nothing()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        string renter = await ApiHost.GlobalIdAsync(await host.RenterAsync(0));
        await host.SqlAsync(
            "INSERT INTO account_roles (user_id, role_id) SELECT accounts.id, roles.id FROM accounts, roles WHERE email = $1 AND roles.name = 'operator'",
            tokens.Email);
        // Its token contains the operator role, and the other replica has not seen it yet.
        Credentials operatorTokens = await Credentials.SignInAsync(host.Anyone, tokens.Email);
        await host.SqlAsync(ways["role"], tokens.Email);
        await using NpgsqlConnection locking = await host.Database.OpenConnectionAsync();
        await using NpgsqlTransaction locked = await locking.BeginTransactionAsync();
        await using (var take = new NpgsqlCommand("LOCK TABLE sign_ins IN ACCESS EXCLUSIVE MODE", locking))
            await take.ExecuteNonQueryAsync();

        string? code = await DepositCodeAsync(host.Client(operatorTokens.AccessToken, other.Address), renter);
        await locked.RollbackAsync();

        Assert.Equal("UNAVAILABLE", code);
        await Eventually.HoldsAsync(
            async () => await DepositCodeAsync(host.Client(operatorTokens.AccessToken, other.Address), renter) == "FORBIDDEN",
            "the current rights apply again");
    }

    [Fact]
    public async Task A_socket_whose_token_came_with_the_upgrade_request_is_closed_too()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        using var socket = new System.Net.WebSockets.ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        socket.Options.SetRequestHeader("Authorization", $"Bearer {tokens.AccessToken}");
        await socket.ConnectAsync(new UriBuilder(host.Replica.Address) { Scheme = "ws", Path = "/graphql" }.Uri, default);
        await socket.SendAsync("{\"type\":\"connection_init\"}"u8.ToArray(), System.Net.WebSockets.WebSocketMessageType.Text, true, default);
        byte[] buffer = new byte[1_024];
        Assert.Contains("connection_ack", Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, default)).Count), StringComparison.Ordinal);

        await host.SqlAsync(ways["lock"], tokens.Email);

        System.Net.WebSockets.WebSocketReceiveResult last = await socket.ReceiveAsync(buffer, default).WaitAsync(bound);
        Assert.Equal(4403, (int?)last.CloseStatus);
    }

    [Fact]
    public async Task Password_guessing_by_strangers_signs_nobody_out()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        for (int wrong = 0; wrong < 12; wrong++)
            (await host.Anyone.PostAsync("/account/login", new { email = tokens.Email, password = "Wrong-Horse-1" })).Dispose();

        Api caller = host.Client(tokens.AccessToken, other.Address);

        Assert.Equal(["RENTER"], await caller.RolesAsync());
        Assert.NotNull(await tokens.RefreshAsync(host.Anyone));
    }

    [Fact]
    public async Task An_expired_lock_has_no_effect()
    {
        Credentials tokens = await Credentials.NewAsync(host);
        await host.SqlAsync("UPDATE accounts SET lockout_end = now() - interval '1 second' WHERE email = $1", tokens.Email);

        Assert.Equal(["RENTER"], await host.Client(tokens.AccessToken, other.Address).RolesAsync());
        Assert.NotNull(await tokens.RefreshAsync(host.Anyone));
    }

    private async Task<string?> DepositCodeAsync(Api caller, string renter)
    {
        JsonElement answer = await caller.SendAsync(
            "mutation($input: DepositFundsInput!) { depositFunds(input: $input) { __typename } }",
            new { input = new { accountId = renter, amount = 1, idempotencyKey = host.NewKey() } });
        return answer.TryGetProperty("errors", out JsonElement errors) ? errors[0].GetProperty("extensions").GetProperty("code").GetString() : null;
    }

    private static async Task<StreamReader> StreamAsync(HttpClient http, Api caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(caller.Address, "/graphql"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Token);
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Content = new StringContent(JsonSerializer.Serialize(new { query = Follow }), Encoding.UTF8, "application/json");
        HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new StreamReader(await response.Content.ReadAsStreamAsync());
    }

    private static Task<string> RestAsync(StreamReader stream) => stream.ReadToEndAsync();
}
