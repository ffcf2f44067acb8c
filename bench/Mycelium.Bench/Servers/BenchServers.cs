using System.Globalization;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Servers;

/// <summary>One replica of the API on private servers, with durability as in production and a market of 10,000 nodes read from the stand-in.</summary>
internal sealed class BenchServers : IAsyncDisposable
{
    private const int NodeCount = 10_000;
    private const int FarmCount = 1_000;
    private static readonly TimeSpan fillDeadline = TimeSpan.FromMinutes(3);
    private readonly PostgresServer postgres;
    private readonly RedisServer redis;
    private readonly List<ChildProcess> children = [];
    public Uri Grid { get; private set; } = null!;

    private BenchServers(PostgresServer postgres, RedisServer redis, string connectionString, string scratch)
    {
        this.postgres = postgres;
        this.redis = redis;
        ConnectionString = connectionString;
        ScratchConnectionString = scratch;
    }

    /// <summary>A connection as the owner of the database.</summary>
    public string ConnectionString { get; }

    /// <summary>Another database on the same server, for tables that are not the product's.</summary>
    public string ScratchConnectionString { get; }

    /// <summary>The address of the only Redis master.</summary>
    public string Redis => redis.Address;

    public Uri Api { get; private set; } = null!;
    public int ApiProcessId { get; private set; }
    public int PostgresProcessId => postgres.ProcessId;
    public int RedisProcessId => redis.ProcessId;

    public static async Task<BenchServers> StartAsync()
    {
        PostgresServer postgres = await PostgresServer.StartAsync(durable: true, sharedBuffers: "512MB");
        var servers = new BenchServers(postgres, await RedisServer.StartAsync(), await postgres.CreateDatabaseAsync(), await postgres.CreateDatabaseAsync());
        (Uri grid, _) = await servers.StartAsync(StandIn, ["--nodes", Text(NodeCount), "--farms", Text(FarmCount)]);
        servers.Grid = grid;
        (servers.Api, servers.ApiProcessId) = await servers.StartApiAsync(Shipped);
        await servers.FillAsync();
        return servers;
    }

    private static string StandIn { get; } = RepositoryRoot.Combine("tools", "Mycelium.GridStandIn", "bin", "Release", "net10.0", "Mycelium.GridStandIn.dll");

    /// <summary>The API as it ships: compiled ahead of time by <c>bench/run</c>.</summary>
    public static string Published { get; } = RepositoryRoot.Combine("bench", "Mycelium.Bench", "bin", "api", "Mycelium.GraphQL.dll");

    /// <summary>The API as built, without ahead-of-time compilation.</summary>
    public static string Built { get; } = RepositoryRoot.Combine("src", "Mycelium.GraphQL", "bin", "Release", "net10.0", "Mycelium.GraphQL.dll");

    /// <summary>The former, or the latter if it could not be compiled ahead of time.</summary>
    public static string Shipped => File.Exists(Published) ? Published : Built;

    /// <summary>Another replica on the same database.</summary>
    /// <param name="assembly">One of the above.</param>
    /// <param name="environment">Environment variables in addition to those of the first replica.</param>
    public Task<(Uri Address, int ProcessId)> StartReplicaAsync(string assembly, Dictionary<string, string?>? environment = null) =>
        StartApiAsync(assembly, environment);

    /// <summary>A replica with its own database and grids.</summary>
    /// <param name="assembly">One of the above.</param>
    /// <param name="connectionString">The connection string of an empty database, or of one that such a replica has filled.</param>
    /// <param name="environment">Environment variables with the grids; they override those of the first replica.</param>
    public Task<(Uri Address, int ProcessId)> StartReplicaAsync(string assembly, string connectionString, Dictionary<string, string?> environment) =>
        StartApiAsync(assembly, null, new Dictionary<string, string?>(environment)
        {
            ["Provisioner"] = "None",
            ["Postgres__ConnectionString"] = PostgresServer.AsApplication(connectionString),
            ["Postgres__MigratorConnectionString"] = connectionString,
            ["Grid__BaseUrl"] = "",
        });

    /// <summary>A stand-in for several grids with the same number of nodes, under <c>/grid/{n}/</c>.</summary>
    public async Task<Uri> StartGridsAsync(int grids, int nodes) => (await StartAsync(StandIn,
        ["--grids", Text(grids), "--nodes", Text(nodes), "--farms", Text(Math.Max(1, nodes / 10))])).Address;

    public Task<string> CreateDatabaseAsync() => postgres.CreateDatabaseAsync();

    /// <summary>Stops a program that was started here.</summary>
    public void Stop(int processId)
    {
        ChildProcess child = children.Single(one => one.Id == processId);
        children.Remove(child);
        child.Dispose();
    }

    private async Task<(Uri Address, int ProcessId)> StartApiAsync(
        string assembly, Dictionary<string, string?>? environment = null, Dictionary<string, string?>? overrides = null)
    {
        (Uri Address, int ProcessId) api = await StartAsync(
        assembly,
        ["--contentRoot", RepositoryRoot.Combine("src", "Mycelium.GraphQL")],
        Merge(overrides, new Dictionary<string, string?>(environment ?? [])
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Cost__Report"] = "false", // Responses are compared byte for byte with those of an endpoint without costs.
            ["Accounts__CallsPerMinute"] = "10000", // All renters sign up from one address.
            ["Provisioner"] = "None",
            ["Postgres__ConnectionString"] = PostgresServer.AsApplication(ConnectionString),
            ["Postgres__MigratorConnectionString"] = ConnectionString,
            // All requests come from one address too. They are charged as usual, but do not reach these limits.
            ["RateLimits__AnonymousPoints"] = "2000000000",
            ["RateLimits__AccountPoints"] = "2000000000",
            ["RateLimits__SocketsPerAddress"] = "0",
            ["RateLimits__StreamsPerAddress"] = "0",
            ["RateLimits__StreamsPerAccount"] = "0",
            ["RentalLimits__ActiveSlices"] = "0",
            ["RentalLimits__RentalsPerHour"] = "0",
            ["RentalLimits__CancellationsPerHour"] = "0",
            ["DataProtection__Certificate"] = KeyRingCertificate.Path,
            ["AllowedHosts"] = "127.0.0.1;localhost",
            ["Accounts__RequireConfirmedEmail"] = "false", // Nobody reads mail here.
            ["Coordination__Masters"] = redis.Address,
            ["Grid__BaseUrl"] = Grid.ToString(),
            // One pass fills the tables; there is none during the measurements.
            ["Grid__SyncInterval"] = "1.00:00:00",
        }));
        // The API listens before the database is ready.
        using var http = new HttpClient();
        using var deadline = new CancellationTokenSource(fillDeadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsReadyAsync(http, api.Address, deadline.Token))
            await look.WaitForNextTickAsync(deadline.Token);
        return api;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri api, CancellationToken cancellation)
    {
        using HttpResponseMessage ready = await http.GetAsync(new Uri(api, "/health/ready"), cancellation);
        return ready.IsSuccessStatusCode;
    }

    private static Dictionary<string, string?> Merge(Dictionary<string, string?>? overrides, Dictionary<string, string?> settings)
    {
        foreach ((string name, string? value) in overrides ?? [])
            settings[name] = value;
        return settings;
    }

    /// <summary>Starts an assembly that accepts <c>--urls</c>, on a free port.</summary>
    public Task<(Uri Address, int ProcessId)> StartAsync(string assembly, string[] arguments, Dictionary<string, string?>? environment = null) =>
        StartProgramAsync("dotnet", [assembly, .. arguments], environment);

    /// <summary>The same for a Node.js script.</summary>
    public Task<(Uri Address, int ProcessId)> StartScriptAsync(string script, Dictionary<string, string?> environment) =>
        StartProgramAsync("node", [script], environment);

    private async Task<(Uri Address, int ProcessId)> StartProgramAsync(string program, string[] arguments, Dictionary<string, string?>? environment)
    {
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}"));
        ChildProcess child = ChildProcess.Start(program, [.. arguments, "--urls", address.ToString()], environment);
        children.Add(child);
        await child.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        return (address, child.Id);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess child in children)
            child.Dispose();
        redis.Dispose();
        await postgres.DisposeAsync();
    }

    private async Task FillAsync()
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(ConnectionString);
        Report.Progress($"Reading {NodeCount} nodes from the stand-in …");
        using var deadline = new CancellationTokenSource(fillDeadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (await database.ScalarAsync<bool>("SELECT count(last_completed_at) = 0 FROM grid_syncs"))
            await look.WaitForNextTickAsync(deadline.Token);

        Guid farmer = await Accounts.CreateAsync(Api, database, "farmer@bench.mycelium");
        await database.RunAsync("INSERT INTO farmer_twins (grid_number, twin_id, account_id) SELECT DISTINCT grid_number, twin_id, $1 FROM farms", farmer);
        // Publishes all nodes at once; the triggers create the combinations, as with publishNode.
        await database.RunAsync(
            "UPDATE nodes SET version = version + 1, farmer_id = $1, is_published = true, price_per_slice = 12000 + id * 7919 "
                + "% 97 * 125 WHERE slice_capacity > 0", farmer);
        await database.RunAsync("VACUUM ANALYZE");
        Report.Progress($"The market has {await database.ScalarAsync<long>("SELECT count(*) FROM slice_combinations")} combinations.");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
