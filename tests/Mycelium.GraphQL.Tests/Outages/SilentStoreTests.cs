using System.Diagnostics;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Tests.Outages;

/// <summary>PostgreSQL accepts connections and bytes but does not respond: what callers get, and how soon.</summary>
[Collection(ApiCollection.Name)]
public sealed class SilentStoreTests(ApiHost host, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>With a margin for test machines; without the deadline most requests take twice as long.</summary>
    private static readonly TimeSpan answeredWithin = Limits.RequestDeadline + TimeSpan.FromSeconds(1.5);

    private SilencingProxy proxy = null!;
    private Replica replica = null!;
    private Api caller = null!;
    private long node;
    private string rentalId = "";

    public async Task InitializeAsync()
    {
        var direct = new NpgsqlConnectionStringBuilder(host.ConnectionString);
        proxy = new SilencingProxy(direct.Port);
        replica = host.StartReplica(
            ("Postgres:ConnectionString", PostgresServer.AsApplication(
                new NpgsqlConnectionStringBuilder(host.ConnectionString) { Port = proxy.Port }.ConnectionString)),
            ("Postgres:StatementTimeout", "00:00:03"), ("Postgres:LockTimeout", "00:00:01.5"),
            ("Postgres:CommandTimeout", "00:00:04"), ("Postgres:ProbeTimeout", "00:00:01.5"));
        caller = host.Client((await host.RenterAsync()).Token, replica.Address);
        node = await host.PublishAsync();
        rentalId = (await caller.RentAsync(host.Input(node))).GetProperty("id").GetString()!;
    }

    public async Task DisposeAsync()
    {
        await replica.DisposeAsync();
        proxy.Dispose();
    }

    [Fact]
    public async Task The_first_request_of_any_kind_gets_UNAVAILABLE_within_the_deadline()
    {
        foreach ((string name, Func<Task<string?>> send) in Requests())
        {
            await FillPoolsAsync();
            proxy.SilenceAll();
            var waited = Stopwatch.StartNew();

            string? code = await send();

            output.WriteLine($"{name}: {code} after {waited.Elapsed.TotalSeconds:F1} s");
            Assert.True(code == "UNAVAILABLE" && waited.Elapsed < answeredWithin, $"{name}: {code} after {waited.Elapsed}");
            await RestoreAsync();
        }
    }

    [Fact]
    public async Task An_event_stream_that_cannot_start_asks_the_browser_to_retry()
    {
        await FillPoolsAsync();
        proxy.SilenceAll();

        using EventSource page = await EventSource.OpenAsync(host.Client(token: null, replica.Address), "subscription { onGridNodeChanged { __typename } }");
        string all = await page.ReadToEndAsync();

        Assert.Contains("UNAVAILABLE", all, StringComparison.Ordinal);
        Assert.Contains("retry: ", all, StringComparison.Ordinal);
        Assert.DoesNotContain("event: complete", all, StringComparison.Ordinal); // After that event a browser would never reconnect.
        await RestoreAsync();
    }

    [Fact]
    public async Task A_crowd_gets_UNAVAILABLE_within_the_deadline_too()
    {
        await FillPoolsAsync();
        proxy.SilenceAll();
        var waited = Stopwatch.StartNew();

        string?[] codes = await Task.WhenAll(Enumerable.Range(0, 6).SelectMany(_ => Requests()).Select(request => request.Send()));

        output.WriteLine($"{codes.Length} callers after {waited.Elapsed.TotalSeconds:F1} s");
        Assert.All(codes, code => Assert.Equal("UNAVAILABLE", code));
        Assert.True(waited.Elapsed < answeredWithin, waited.Elapsed.ToString());
        await RestoreAsync();
    }

    [Fact]
    public async Task While_the_store_is_known_to_be_down_requests_do_not_contact_it()
    {
        proxy.SilenceAll();
        await Eventually.HoldsAsync(() => replica.Get<StoreGate>().ClosedBecause is not null, "the probe notices");
        int before = proxy.ConnectionCount;

        string?[] codes = await Task.WhenAll(Enumerable.Range(0, 6).SelectMany(_ => Requests()).Select(request => request.Send()));

        Assert.All(codes, code => Assert.Equal("UNAVAILABLE", code));
        Assert.InRange(proxy.ConnectionCount - before, 0, 20); // Connections of the probe and of background work, not of sixty callers.
        await RestoreAsync();
        Assert.Equal("SlicesRented", await MutateAsync("rentSlices", host.Input(node)));
    }

    private (string Name, Func<Task<string?>> Send)[] Requests() =>
    [
        ("rent", () => CodeAsync("mutation($input: RentSlicesInput!) { rentSlices(input: $input) { __typename } }", new { input = host.Input(node) })),
        ("cancel", () => CodeAsync(
            "mutation($input: CancelRentalInput!) { cancelRental(input: $input) { __typename } }",
            new { input = new { rentalId, idempotencyKey = host.NewKey() } })),
        ("list", () => CodeAsync("{ farms(first: 1) { nodes { name } } }")),
        ("node", () => CodeAsync("{ gridNode(gridId: 5) { gridId sliceCombinations { id } } }")),
        ("rentals", () => CodeAsync("{ rentals { nodes { id gridNode { gridId } } } }")),
        ("wallet", () => CodeAsync("{ me { wallet { balance } } }")),
        ("quote", () => CodeAsync(
            "query($input: RentalQuoteInput!) { rentalQuote(input: $input) { __typename } }",
            new { input = new { sliceCombinationId = ApiHost.Combination(node), quantity = 1, term = new { hours = 24 } } })),
        ("cursor", () => CodeAsync("{ streamCursor }")),
        ("sign-in", () => AccountCodeAsync("/account/login")),
        ("sign-up", () => AccountCodeAsync("/account/register")),
        ("subscription", SubscriptionCodeAsync),
    ];

    private async Task<string?> CodeAsync(string query, object? variables = null)
    {
        JsonElement answer = await caller.SendAsync(query, variables);
        return answer.TryGetProperty("errors", out JsonElement errors)
            ? errors[0].GetProperty("extensions").GetProperty("code").GetString()
            : answer.GetRawText();
    }

    private async Task<string?> AccountCodeAsync(string path)
    {
        using HttpResponseMessage answer = await caller.PostAsync(path, new { email = host.NewEmail(), password = ApiHost.Password });
        return (int)answer.StatusCode == 503 ? "UNAVAILABLE" : answer.ToString();
    }

    private Task<string?> SubscriptionCodeAsync() => Socket.RefusalAsync(caller, "subscription { onRentalChanged { __typename } }");

    private async Task<string?> MutateAsync(string operation, object input) =>
        (await caller.MutateAsync(operation, input)).GetProperty("__typename").GetString();

    /// <summary>Fills each pool with idle connections, so that a request picks a dead one.</summary>
    private async Task FillPoolsAsync()
    {
        NpgsqlDataSource[] pools =
            [replica.Get<NpgsqlDataSource>(), replica.Get<ReadingSource>().Connections, replica.Get<KeyedSource>().Connections];
        foreach (NpgsqlDataSource pool in pools)
        {
            NpgsqlConnection[] opened = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => await pool.OpenConnectionAsync()));
            foreach (NpgsqlConnection connection in opened)
                await connection.DisposeAsync();
        }
    }

    /// <summary>New connections reach PostgreSQL again; existing ones stay silent.</summary>
    private async Task RestoreAsync()
    {
        await Eventually.HoldsAsync(() => replica.Get<StoreGate>().ClosedBecause is not null, "the probe notices");
        proxy.SilenceConnections();
        await replica.Get<StoreGate>().WhenOpen.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
