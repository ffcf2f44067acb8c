using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>
/// The production set-up with real processes: PostgreSQL, Redis masters, the grid stand-in and replicas of the API.
/// A fault test kills only processes of its own cluster.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly List<ChildProcess> replicas = [];
    private readonly Dictionary<Uri, int> managementPorts = [];
    private readonly HttpClient http = new();
    private readonly DirectoryInfo mails = Directory.CreateTempSubdirectory("mycelium-mails-");
    private string[] gridCommand = [];
    private ChildProcess grid = null!;

    /// <summary>The file to run with <c>dotnet</c>.</summary>
    public static string StandInAssembly { get; } =
        RepositoryRoot.Combine("tools", "Mycelium.GridStandIn", "bin", ApiBuild.Configuration, "net10.0", "Mycelium.GridStandIn.dll");

    private Cluster(PostgresServer postgres, RedisServer[] redis, string connectionString)
    {
        Postgres = postgres;
        Redis = redis;
        ConnectionString = connectionString;
    }

    public PostgresServer Postgres { get; }
    public IReadOnlyList<RedisServer> Redis { get; }

    /// <summary>Connects as the owner, who migrates. Replicas of this release connect as the application's role.</summary>
    public string ConnectionString { get; }

    /// <summary>For statements of the tests: without a pool, which would hand out connections to a killed server.</summary>
    public string DirectConnectionString => ConnectionString + ";Pooling=false";

    public Uri Grid { get; private set; } = null!;

    /// <summary>Self-signed; written when the grid starts.</summary>
    private string GridCertificate => Path.Combine(mails.FullName, "grid.pem");

    public IReadOnlyList<Uri> Replicas { get; private set; } = [];

    /// <summary>The logs of the replicas, for failure messages.</summary>
    public string Logs => string.Join("\n", replicas.Select(replica => replica.Output));

    /// <summary>Starts all servers except the replicas, so that a test can set up the grid before it is read.</summary>
    /// <param name="durable">Whether PostgreSQL keeps what it confirmed even when it is killed.</param>
    /// <param name="nodeCount">The number of nodes on the grid.</param>
    /// <param name="farmCount">The number of farms on the grid.</param>
    /// <param name="masterCount">The number of Redis masters.</param>
    /// <param name="isGridSecure">Whether the grid is read over https, with a certificate that replicas are configured to trust.</param>
    /// <param name="gridOptions">More options of the stand-in.</param>
    public static async Task<Cluster> StartAsync(
        bool durable, int nodeCount = 40, int farmCount = 4, int masterCount = 3, bool isGridSecure = false, string[]? gridOptions = null)
    {
        PostgresServer postgres = await PostgresServer.StartAsync(durable);
        var cluster = new Cluster(postgres, await RedisServer.StartAsync(masterCount), await postgres.CreateDatabaseAsync());
        cluster.Grid = isGridSecure ? new UriBuilder(Local(FreePort.Next())) { Scheme = Uri.UriSchemeHttps }.Uri : Local(FreePort.Next());
        cluster.gridCommand =
        [
            StandInAssembly, "--urls", cluster.Grid.ToString(), "--nodes", Text(nodeCount),
            "--farms", Text(farmCount), .. isGridSecure ? ["--certificate", cluster.GridCertificate] : Array.Empty<string>(), .. gridOptions ?? [],
        ];
        await cluster.StartGridAsync();
        return cluster;
    }

    /// <summary>Sends SIGKILL to the grid stand-in.</summary>
    public void KillGrid() => grid.Kill();

    /// <summary>Starts the grid stand-in at its address.</summary>
    public async Task StartGridAsync()
    {
        grid = ChildProcess.Start("dotnet", gridCommand);
        await grid.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
    }

    /// <param name="settings">Settings of the API in addition to the addresses, such as <c>Grid__SyncInterval</c>.</param>
    public Task<Uri> AddReplicaAsync(params (string Name, string Value)[] settings) => AddReplicaAsync(ApiBuild.Current, settings);

    /// <param name="build">The release to run.</param>
    /// <param name="settings">Settings of the API in addition to the addresses.</param>
    public async Task<Uri> AddReplicaAsync(ApiBuild build, params (string Name, string Value)[] settings)
    {
        (Uri address, ChildProcess replica) = await StartReplicaAsync(build, clockOffset: null, settings);
        // The demo market is open, and start-up has nothing left to do.
        await replica.WaitForLineAsync(line => line.Contains("The demo farmer offers", StringComparison.Ordinal));
        return address;
    }

    /// <summary>Starts a replica that listens; its dependencies may not be running yet.</summary>
    /// <param name="build">The release to run.</param>
    /// <param name="clockOffset">The offset of its clock in <c>faketime</c> syntax, such as <c>-1h</c>; null for the machine's clock.</param>
    /// <param name="settings">Settings of the API in addition to the addresses.</param>
    public async Task<(Uri Address, ChildProcess Process)> StartReplicaAsync(ApiBuild build, string? clockOffset, params (string Name, string Value)[] settings)
    {
        (Uri address, ChildProcess replica) = StartProcess(build, clockOffset, settings);
        await replica.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        Replicas = [.. Replicas, address];
        return (address, replica);
    }

    /// <summary>Starts a replica that may exit before it listens.</summary>
    public (Uri Address, ChildProcess Process) StartProcess(ApiBuild build, string? clockOffset, params (string Name, string Value)[] settings)
    {
        Uri address = Local(FreePort.Next());
        managementPorts[address] = FreePort.Next();
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Provisioner"] = "None",
            // The previous release has one role for everything.
            ["Postgres__ConnectionString"] = build == ApiBuild.Current ? PostgresServer.AsApplication(ConnectionString) : ConnectionString,
            ["Postgres__MigratorConnectionString"] = build == ApiBuild.Current ? ConnectionString : null,
            ["Health__ManagementPort"] = Text(managementPorts[address]),
            ["DataProtection__Certificate"] = KeyRingCertificate.Path,
            ["AllowedHosts"] = "127.0.0.1;localhost",
            ["Coordination__Masters"] = string.Join(",", Redis.Select(server => server.Address)),
            ["Grid__BaseUrl"] = Grid.ToString(),
            ["SSL_CERT_FILE"] = Grid.Scheme == Uri.UriSchemeHttps ? GridCertificate : null,
            // Hundreds of callers come from this machine, and few accounts rent a lot.
            ["RateLimits__AnonymousPoints"] = "2000000000",
            ["RateLimits__AccountPoints"] = "2000000000",
            ["RateLimits__PartnerPoints"] = "2000000000",
            ["RateLimits__SocketsPerAddress"] = "0",
            ["RateLimits__StreamsPerAddress"] = "0",
            ["RateLimits__StreamsPerAccount"] = "0",
            ["RentalLimits__ActiveSlices"] = "0",
            ["RentalLimits__RentalsPerHour"] = "0",
            ["RentalLimits__CancellationsPerHour"] = "0",
            ["Accounts__RequireConfirmedEmail"] = "false", // Tests sign up hundreds of accounts.
            ["Mail__Directory"] = mails.FullName,
        };
        foreach ((string name, string value) in settings)
            environment[name] = value;

        string[] command = ["dotnet", build.Assembly, "--urls", address.ToString(), "--contentRoot", build.ContentRoot];
        if (clockOffset is not null)
            command = ["faketime", "-f", clockOffset, .. command];
        ChildProcess replica = ChildProcess.Start(command[0], command[1..], environment);
        replicas.Add(replica);
        return (address, replica);
    }

    /// <summary>Sends SIGKILL to one replica.</summary>
    public void KillReplica(Uri address) => Process(address).Kill();

    /// <summary>Sends SIGSTOP: the replica stops in the middle of whatever it is doing, as in a long pause of its machine.</summary>
    public void PauseReplica(Uri address) => Process(address).Signal("STOP");

    /// <summary>Sends SIGCONT: the replica continues where it stopped, unaware of the pause.</summary>
    public void ResumeReplica(Uri address) => Process(address).Signal("CONT");

    /// <summary>Returns the nodes of the grid that the demo market can offer.</summary>
    public async Task<IReadOnlyList<long>> OrdinaryNodesAsync()
    {
        JsonElement nodes = await http.GetFromJsonAsync<JsonElement>(new Uri(Grid, "/nodes?size=100"));
        return
        [
            .. from node in nodes.EnumerateArray()
               let id = node.GetProperty("nodeId").GetInt64()
               where node.GetProperty("status").GetString() == "up" && node.GetProperty("rentedByTwinId").GetInt64() == 0
                   && !node.GetProperty("inDedicatedFarm").GetBoolean() && node.GetProperty("extraFee").GetInt64() == 0 && id % 20 != 0
               select id,
        ];
    }

    /// <summary>Makes the stand-in report something else, in the format of its <c>POST /_faults</c>.</summary>
    public async Task SetGridFaultAsync(object fault)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync(new Uri(Grid, "/_faults"), fault);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Makes the stand-in report its real data again.</summary>
    public async Task ClearGridFaultsAsync()
    {
        using HttpResponseMessage response = await http.DeleteAsync(new Uri(Grid, "/_faults"));
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Returns the address at which a replica of this release shows its full health.</summary>
    public Uri ManagementOf(Uri replica) => Local(managementPorts[replica]);

    /// <summary>Returns the response of a replica of this release to <c>/health/ready</c> at its management port.</summary>
    public async Task<(int Status, JsonElement Report)> ReadyAsync(Uri replica)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri(ManagementOf(replica), "/health/ready"));
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Waits until every replica takes turns in this mode: <c>redlock</c> or <c>db_only</c>.</summary>
    public Task TurnsBecomeAsync(string mode) => Eventually.HoldsAsync(
        async () =>
        {
            foreach (Uri replica in Replicas)
            {
                if ((await ReadyAsync(replica)).Report.GetProperty("turns").GetString() != mode)
                    return false;
            }
            return true;
        },
        $"all replicas take turns by {mode}", TimeSpan.FromSeconds(40));

    public Task InvariantsHoldAsync() => Invariants.HoldAsync(DirectConnectionString);

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        foreach (ChildProcess replica in replicas)
            replica.Dispose();
        grid.Dispose();
        foreach (RedisServer server in Redis)
            server.Dispose();
        await Postgres.DisposeAsync();
        mails.Delete(recursive: true);
    }

    private ChildProcess Process(Uri address) => replicas[Replicas.ToList().IndexOf(address)];

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
