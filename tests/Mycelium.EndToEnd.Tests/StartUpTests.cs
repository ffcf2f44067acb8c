using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests;

/// <summary>Replicas start in any order relative to their dependencies and to each other, on an empty database.</summary>
public sealed class StartUpTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private Cluster cluster = null!;

    public async Task InitializeAsync() => cluster = await Cluster.StartAsync(durable: true, masterCount: 1);

    public async Task DisposeAsync()
    {
        http.Dispose();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task A_replica_started_before_its_dependencies_reports_it_and_serves_once_they_start()
    {
        await cluster.Postgres.KillAsync();
        cluster.Redis[0].Kill();
        cluster.KillGrid();
        (Uri replica, ChildProcess process) = await cluster.StartReplicaAsync(
            ApiBuild.Current, clockOffset: null, ("Grid__SyncInterval", "00:00:01"), ("Grid__SyncIntervalMax", "00:00:01"));
        using HttpResponseMessage live = await http.GetAsync(new Uri(replica, "/health/live"));
        (int ready, JsonElement report) = await cluster.ReadyAsync(replica);
        (HttpStatusCode Status, string? Code) query = await QueryAsync(replica, token: null);
        (HttpStatusCode, string?) signedIn = await QueryAsync(replica, token: "of-before");
        using HttpResponseMessage account = await http.PostAsJsonAsync(
            new Uri(replica, "/account/login"), new { email = "renter@demo.mycelium", password = "Demo-Mycelium-1" });

        await cluster.Postgres.StartProcessAsync();
        await Eventually.HoldsAsync(async () => (await cluster.ReadyAsync(replica)).Status == 200, "ready", TimeSpan.FromSeconds(30));
        string turnsBefore = (await cluster.ReadyAsync(replica)).Report.GetProperty("turns").GetString()!;
        await cluster.Redis[0].RestartAsync();
        await cluster.TurnsBecomeAsync("redlock");
        await cluster.StartGridAsync();
        await process.WaitForLineAsync(line => line.Contains("The demo farmer offers", StringComparison.Ordinal));
        using Renter renter = await Renter.SignUpAsync(cluster);
        string rental = await renter.RentWithRetriesAsync(replica, await CombinationAsync(replica), Guid.NewGuid().ToString());

        Assert.Equal((HttpStatusCode.OK, 503), (live.StatusCode, ready));
        Assert.Contains("begins to serve", report.GetProperty("database").GetString(), StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", query.Code);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "UNAVAILABLE"), signedIn);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, account.StatusCode);
        Assert.Equal("db_only", turnsBefore);
        Assert.Equal([rental], await renter.ActiveRentalsAsync(replica));
        await cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task Three_replicas_started_at_once_on_an_empty_database_share_one_key_and_one_demo_market()
    {
        (Uri Address, ChildProcess Process)[] replicas =
            await Task.WhenAll(
                Enumerable.Range(0, 3).Select(_ => cluster.StartReplicaAsync(ApiBuild.Current, clockOffset: null, ("Grid__SyncInterval", "00:00:01"))));

        await Task.WhenAll(
            replicas.Select(replica => replica.Process.WaitForLineAsync(line => line.Contains("The demo farmer offers", StringComparison.Ordinal))));

        await using NpgsqlDataSource database = NpgsqlDataSource.Create(cluster.DirectConnectionString);
        await using NpgsqlCommand count = database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM data_protection_keys), (SELECT count(*) FROM accounts), (SELECT count(*) FROM account_roles),
                   (SELECT sum(amount) FROM ledger_postings WHERE amount > 0)
            """);
        await using (NpgsqlDataReader row = await count.ExecuteReaderAsync())
        {
            await row.ReadAsync();
            // The farmer's role comes from a twin, and every account is a renter.
            Assert.Equal((1, 3, 1, 10_000_000_000m), (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDecimal(3)));
        }
        await AssertTokensWorkEverywhereAsync();
        await cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task Replicas_with_skewed_clocks_accept_each_others_tokens()
    {
        foreach (string? offset in (string?[])["-1h", null, "+1h", "+1d"]) // The first creates the key.
        {
            (Uri address, _) = await cluster.StartReplicaAsync(ApiBuild.Current, offset, ("Grid__SyncInterval", "00:00:01"));
            await Eventually.HoldsAsync(
                async () => (await cluster.ReadyAsync(address)).Status == 200, $"ready with a clock {offset}", TimeSpan.FromSeconds(30));
        }

        await AssertTokensWorkEverywhereAsync();
    }

    [Fact]
    public async Task A_pooler_that_shares_sessions_stops_the_replica_with_an_explanation()
    {
        using PgBouncer pooler = await PgBouncer.StartAsync(cluster.Postgres, "transaction", ignored: "options");
        string through = PostgresServer.AsApplication(new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Port = pooler.Port }.ConnectionString);

        (_, ChildProcess process) = cluster.StartProcess(ApiBuild.Current, clockOffset: null, ("Postgres__ConnectionString", through));
        await process.WaitForExitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Connect to PostgreSQL itself", process.Output, StringComparison.Ordinal);
    }

    private static async Task<string> CombinationAsync(Uri replica)
    {
        using var anonymous = new ApiClient(replica);
        JsonElement data = await anonymous.Data(
            "{ sliceCombinations(first: 1, where: { multiplier: { eq: 1 }, quantityAvailable: { gte: 1 } }) { nodes { id } } }");
        return data.GetProperty("sliceCombinations").GetProperty("nodes")[0].GetProperty("id").GetString()!;
    }

    private async Task AssertTokensWorkEverywhereAsync()
    {
        foreach (Uri issuer in cluster.Replicas)
        {
            using var anonymous = new ApiClient(issuer);
            string token = "";
            await Eventually.HoldsAsync(
                async () => (token = await TryLogInAsync(anonymous)).Length > 0, "the demo accounts are there", TimeSpan.FromSeconds(30));
            foreach (Uri replica in cluster.Replicas)
            {
                using var renter = new ApiClient(replica, token);
                Assert.Equal("renter@demo.mycelium", (await renter.Data("{ me { email } }")).GetProperty("me").GetProperty("email").GetString());
            }
        }
    }

    private static async Task<string> TryLogInAsync(ApiClient anonymous)
    {
        try
        {
            return await anonymous.LogIn("renter@demo.mycelium", "Demo-Mycelium-1");
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private async Task<(HttpStatusCode Status, string? Code)> QueryAsync(Uri replica, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(replica, "/graphql"));
        request.Content = JsonContent.Create(new { query = "{ farms(first: 1) { nodes { name } } }" });
        request.Headers.Accept.ParseAdd("application/graphql-response+json, application/json");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await http.SendAsync(request);
        JsonElement body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, body.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
    }
}
