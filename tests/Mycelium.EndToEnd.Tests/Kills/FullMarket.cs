using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GridStandIn.Payouts;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>
/// One replica with everything around it: a payment provider, which is the test itself; a payout sender and a provisioner, each behind a gate; and a clock that
/// a test moves. Only one replica runs at a time, so that it is the one that works on what is due when it is killed.
/// </summary>
public sealed class FullMarket : IAsyncLifetime
{
    public const int SlicesOfANode = 16;
    public const string PaymentSecret = "whsec_of_the_tests_0123456789";
    private const string Secret = "a-secret-of-the-tests-32-characters-long";
    private const int BigNodeCount = 20;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("mycelium-full-market-");
    private long[] bigNodes = [];
    private Queue<long> nodes = [];
    private readonly HttpClient provisioner = new();
    private readonly Uri senderAddress = new($"http://127.0.0.1:{FreePort.Next()}");
    private (string, string)[] settings = [];
    private ChildProcess? sender;
    private TimeSpan ahead;
    private bool isKilled;
    private Uri? other;

    public Cluster Cluster { get; private set; } = null!;

    /// <summary>The one that runs.</summary>
    public Uri Replica { get; private set; } = null!;

    /// <summary>Between the API and the payout sender.</summary>
    public Gate Payouts { get; private set; } = null!;

    /// <summary>Between the API and the provisioner.</summary>
    public Gate Machines { get; private set; } = null!;

    /// <summary>As the owner.</summary>
    public string Database => Cluster.DirectConnectionString;

    public Renter Farmer { get; private set; } = null!;

    public Renter Operator { get; private set; } = null!;

    private string SecretFile => Path.Combine(folder.FullName, "secret");

    private string PayoutRecord => Path.Combine(folder.FullName, "payouts");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(SecretFile, Secret);
        Cluster = await Cluster.StartAsync(
            durable: true, nodeCount: 80,
            gridOptions: ["--provisioner-secret", SecretFile, "--machines", "100", "--machine-folder", Path.Combine(folder.FullName, "machines")]);
        bigNodes = [.. (await Cluster.OrdinaryNodesAsync()).Take(BigNodeCount)];
        nodes = new(bigNodes);
        await ClearProvisionerFaultsAsync();
        await StartSenderAsync();
        Payouts = await Gate.StartAsync(senderAddress);
        Machines = await Gate.StartAsync(Cluster.Grid);
        settings =
        [
            ("Grid__SyncInterval", "00:00:01"), ("Allocation__BillingPeriod", "00:00:00.200"), ("Allocation__ExpiryPeriod", "00:00:00.200"),
            ("Payments__WebhookSecret", PaymentSecret),
            ("Payouts__BaseUrl", Payouts.Address.ToString()), ("Payouts__Secret", Secret), ("Payouts__Interval", "00:00:00.100"),
            ("Payouts__RetryDelay", "00:00:00.200"), ("Payouts__RetryDelayMax", "00:00:01"), ("Payouts__RequestTimeout", "00:00:01.500"),
            ("Payouts__Lease", "00:00:05"),
            ("Provisioners__main__BaseUrl", new Uri(Machines.Address, "provisioner").ToString()), ("Provisioners__main__Secret", Secret),
            ("Provisioning__Interval", "00:00:00.100"), ("Provisioning__RetryDelay", "00:00:00.100"), ("Provisioning__RetryDelayMax", "00:00:00.500"),
            ("Provisioning__RequestTimeout", "00:00:01.500"), ("Provisioning__Lease", "00:00:05"), ("Provisioning__BreakerRequestsMin", "1000"),
        ];
        Replica = await Cluster.AddReplicaAsync(settings);
        Farmer = await Renter.SignInAsync(Replica, "farmer");
        Operator = await Renter.SignInAsync(Replica, "operator");
        await EarnAsync();
    }

    public async Task DisposeAsync()
    {
        Farmer?.Dispose();
        Operator?.Dispose();
        provisioner.Dispose();
        await Cluster.DisposeAsync();
        sender?.Dispose();
        if (Payouts is not null)
            await Payouts.DisposeAsync();
        if (Machines is not null)
            await Machines.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>Returns the next node of which nothing is rented. It has <see cref="SlicesOfANode"/> slices.</summary>
    public async Task<long> NextNodeAsync()
    {
        while (true)
        {
            long node = nodes.Dequeue();
            nodes.Enqueue(node); // A long test uses each again.
            if ((await Market.NodeAsync(Replica, node)).GetProperty("allocatedSlices").GetInt32() == 0)
                return node;
        }
    }

    /// <summary>Returns the combination of single slices of such a node.</summary>
    public async Task<string> NextCombinationAsync() => await Market.CombinationAsync(Replica, await NextNodeAsync());

    /// <summary>Before a test: one replica runs, also if the last test failed after it had killed its own, and the gates are open.</summary>
    public async Task BeReadyAsync()
    {
        Payouts.LetAllGo();
        Machines.LetAllGo();
        if (other is not null)
            Cluster.KillReplica(other);
        other = null;
        if (isKilled)
            await StartAsync();
    }

    /// <summary>Before a test: two replicas run. Returns the second.</summary>
    public async Task<Uri> BeTwoAsync()
    {
        if (other is null || isKilled)
            await BeReadyAsync();
        return other ??= await AddReplicaAsync();
    }

    /// <summary>Sends SIGKILL to the replica.</summary>
    public void Kill()
    {
        Cluster.KillReplica(Replica);
        isKilled = true;
    }

    /// <summary>Kills the replica while its transaction waits, and lets the transaction go. The request that it was for gets no answer.</summary>
    internal async Task KillAtAsync(Held held, Task? request = null)
    {
        await using (held)
        {
            await held.SomebodyWaitsAsync();
            Kill();
        }
        if (request is not null)
            await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    /// <summary>Kills the replica while its request to a service, or the answer, is on its way.</summary>
    public async Task KillAtAsync(Stop stop)
    {
        await stop.ReachedAsync();
        Kill();
    }

    /// <summary>Starts another replica after the last one was killed. What that one had leased is due at once, unless its leases shall run out.</summary>
    public async Task StartAsync(bool isPatient = false)
    {
        if (!isPatient)
            await EndLeasesAsync();
        Replica = await AddReplicaAsync();
        isKilled = false;
    }

    /// <summary>Waits until the replica has renewed rentals and billed hours since it started: whatever it would do twice is done by then.</summary>
    public Task PassesRunAsync() => Eventually.HoldsAsync(
        async () => (await Cluster.ReadyAsync(Replica)).Report.GetProperty("jobs").EnumerateArray()
            .Where(job => job.GetProperty("name").GetString() is "meter" or "renew_rentals" or "expire_rentals")
            .All(job => job.GetProperty("succeededSecondsAgo").ValueKind == JsonValueKind.Number),
        "the replica's passes have run");

    /// <summary>Starts the payout sender, which knows what it paid before it was killed.</summary>
    /// <param name="outcome">What becomes of new payouts.</param>
    public async Task StartSenderAsync(string outcome = "paid")
    {
        sender = ChildProcess.Start(
            "dotnet",
            [
                Cluster.StandInAssembly, "--urls", senderAddress.ToString(), "--nodes", "3", "--farms", "1", "--payout-secret", SecretFile,
                "--payout-record", PayoutRecord, "--payout-outcome", outcome,
            ]);
        await sender.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
    }

    /// <summary>Sends SIGKILL to the payout sender, and starts it again.</summary>
    public async Task RestartSenderAsync(string outcome = "paid")
    {
        sender!.Kill();
        await StartSenderAsync(outcome);
    }

    /// <summary>Returns what the payout sender has paid, or refused to pay.</summary>
    public IReadOnlyList<Payout> PaidOut() => PayoutSender.Read(PayoutRecord);

    public IReadOnlyList<Payout> PayoutsOf(Guid withdrawal) => [.. PaidOut().Where(payout => payout.Id == withdrawal)];

    /// <summary>Returns the versions of all machines of a rental that the provisioner has: none or one.</summary>
    public async Task<IReadOnlyList<long>> MachinesOfAsync(Guid rental) =>
        [.. from machine in await MachinesAsync() where machine.Rental == rental select machine.Version];

    /// <summary>Returns all machines that the provisioner has.</summary>
    public async Task<IReadOnlyList<(Guid Rental, long Version)>> MachinesAsync()
    {
        const string target = "/provisioner/machines?limit=100";
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Cluster.Grid, target));
        request.Headers.Add(ProvisionerKey.KeyHeader, "mycelium");
        request.Headers.Add(ProvisionerKey.TimestampHeader, now.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(ProvisionerKey.SignatureHeader, new ProvisionerKey("mycelium", Encoding.UTF8.GetBytes(Secret)).SignRequest("GET", target, now, []));
        using HttpResponseMessage answer = await provisioner.SendAsync(request);
        using JsonDocument list = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return
        [
            .. from machine in list.RootElement.GetProperty("machines").EnumerateArray()
               select (machine.GetProperty("rentalId").GetGuid(), machine.GetProperty("version").GetInt64()),
        ];
    }

    /// <summary>Makes the provisioner honest again. The nodes keep their size.</summary>
    public async Task ClearProvisionerFaultsAsync()
    {
        await Cluster.ClearGridFaultsAsync();
        foreach (long node in bigNodes)
            await Cluster.SetGridFaultAsync(new { node, slices = SlicesOfANode });
    }

    /// <summary>From now on the market's clock is so much further ahead of the database's.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        ahead += time;
        await SqlAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
            AS 'SELECT clock_timestamp() + interval ''{ahead.TotalSeconds:R} seconds'''
            """));
    }

    /// <summary>The market's clock.</summary>
    public async Task<DateTime> NowAsync() => await ScalarAsync<DateTime>("SELECT market_now()");

    public async Task SqlAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var connection = new NpgsqlConnection(Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The books are right: all invariants hold, and the reconciliation finds no difference.</summary>
    public async Task CheckAsync()
    {
        await Cluster.InvariantsHoldAsync();
        JsonElement books = (await Operator.At(Replica).Data("{ reconciliation { difference } }")).GetProperty("reconciliation");
        Assert.Equal(0m, books.Dollars("difference"));
    }

    private async Task<Uri> AddReplicaAsync()
    {
        Uri replica = (await Cluster.StartReplicaAsync(ApiBuild.Current, clockOffset: null, settings)).Address;
        using var anonymous = new ApiClient(replica);
        await Eventually.HoldsAsync(
            async () => !(await anonymous.Send("{ grids { name } }")).TryGetProperty("errors", out _), "the replica serves", TimeSpan.FromSeconds(30));
        return replica;
    }

    private async Task EndLeasesAsync()
    {
        await SqlAsync("UPDATE withdrawals SET next_try_at = market_now() WHERE next_try_at > market_now()");
        await SqlAsync("UPDATE machines SET next_try_at = market_now() WHERE next_try_at > market_now() AND state IN ('Creating', 'Deleting')");
    }

    /// <summary>The farmer has earned something in a month that is over: the clock began so long ago.</summary>
    private async Task EarnAsync()
    {
        await PassAsync(TimeSpan.FromDays(-200));
        using Renter renter = await Renter.SignUpAsync(Replica);
        string node = (await Market.NodeAsync(Replica, await NextNodeAsync())).GetProperty("id").GetString()!;
        JsonElement rented = await renter.At(Replica).Data(
            "mutation ($input: RentNodeInput!) { rentNode(input: $input) { __typename } }",
            new { input = new { nodeId = node, term = new { hours = 1_000 }, idempotencyKey = Guid.NewGuid().ToString() } });
        Assert.Equal("NodeRented", rented.GetProperty("rentNode").Type());
        await PassAsync(TimeSpan.FromDays(100));
        await Eventually.HoldsAsync(async () => (await renter.ActiveRentalsAsync(Replica)).Count == 0, "the term is over");
        await PassAsync(TimeSpan.FromDays(32)); // The month in which it ended is over.
        await SqlAsync("SELECT settle_earnings(date_trunc('month', market_now(), 'UTC'), 100)");
        await PassAsync(TimeSpan.FromDays(68));
    }
}

/// <summary>Test classes that share one <see cref="FullMarket"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FullMarketCollection : ICollectionFixture<FullMarket>
{
    public const string Name = "full market";
}
