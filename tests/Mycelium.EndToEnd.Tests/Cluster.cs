using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>
/// The production shape with real processes: PostgreSQL, Redis masters, the grid stand-in and replicas of the API. What a fault test kills is its own.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly List<ChildProcess> replicas = [];
    private readonly Dictionary<Uri, int> managementPorts = [];
    private readonly HttpClient http = new();
    private readonly DirectoryInfo mails = Directory.CreateTempSubdirectory("mycelium-mails-");
    private string[] gridCommand = [];
    private ChildProcess grid = null!;

    private Cluster(PostgresServer postgres, RedisServer[] redis, string connectionString)
    {
        Postgres = postgres;
        Redis = redis;
        ConnectionString = connectionString;
    }

    public PostgresServer Postgres { get; }
    public IReadOnlyList<RedisServer> Redis { get; }

    /// <summary>As the owner, who migrates. Replicas of this release work as the application's role.</summary>
    public string ConnectionString { get; }

    /// <summary>For tests' own statements: without a pool, which would hand out connections to a server that was killed.</summary>
    public string DirectConnectionString => ConnectionString + ";Pooling=false";

    public Uri Grid { get; private set; } = null!;

    /// <summary>Signed by nobody but itself; written when the grid starts.</summary>
    private string GridCertificate => Path.Combine(mails.FullName, "grid.pem");

    public IReadOnlyList<Uri> Replicas { get; private set; } = [];

    /// <summary>What the replicas have written to their logs, for a failure's message.</summary>
    public string Logs => string.Join("\n", replicas.Select(replica => replica.Output));

    /// <summary>All servers but the replicas, so that a test can arrange the grid before anybody reads it.</summary>
    /// <param name="durable">Whether PostgreSQL keeps what it confirmed, also when it is killed.</param>
    /// <param name="nodeCount">Nodes of the grid.</param>
    /// <param name="farmCount">Farms of the grid.</param>
    /// <param name="masterCount">Redis masters.</param>
    /// <param name="isGridSecure">Whether the grid is read by https, with a certificate that replicas are told to trust.</param>
    public static async Task<Cluster> StartAsync(bool durable, int nodeCount = 40, int farmCount = 4, int masterCount = 3, bool isGridSecure = false)
    {
        PostgresServer postgres = await PostgresServer.StartAsync(durable);
        var cluster = new Cluster(postgres, await RedisServer.StartAsync(masterCount), await postgres.CreateDatabaseAsync());
        cluster.Grid = isGridSecure ? new UriBuilder(Local(FreePort.Next())) { Scheme = Uri.UriSchemeHttps }.Uri : Local(FreePort.Next());
        cluster.gridCommand =
        [
            RepositoryRoot.Combine("tools", "Mycelium.GridStandIn", "bin", ApiBuild.Configuration, "net10.0", "Mycelium.GridStandIn.dll"),
            "--urls", cluster.Grid.ToString(), "--nodes", Text(nodeCount), "--farms", Text(farmCount), .. isGridSecure ? ["--certificate", cluster.GridCertificate] : Array.Empty<string>(),
        ];
        await cluster.StartGridAsync();
        return cluster;
    }

    /// <summary>SIGKILL of the grid's stand-in.</summary>
    public void KillGrid() => grid.Kill();

    /// <summary>Starts the grid's stand-in, at its address.</summary>
    public async Task StartGridAsync()
    {
        grid = ChildProcess.Start("dotnet", gridCommand);
        await grid.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
    }

    /// <param name="settings">Settings of the API beside the addresses, such as <c>Grid__SyncInterval</c>.</param>
    public Task<Uri> AddReplicaAsync(params (string Name, string Value)[] settings) => AddReplicaAsync(ApiBuild.Current, settings);

    /// <param name="build">Of which release the replica is.</param>
    /// <param name="settings">Settings of the API beside the addresses.</param>
    public async Task<Uri> AddReplicaAsync(ApiBuild build, params (string Name, string Value)[] settings)
    {
        (Uri address, ChildProcess replica) = await StartReplicaAsync(build, clockOffset: null, settings);
        // The demo market is open then, and start-up has nothing left to do.
        await replica.WaitForLineAsync(line => line.Contains("The demo farmer offers", StringComparison.Ordinal));
        return address;
    }

    /// <summary>A replica that listens; what it needs may not be there yet.</summary>
    /// <param name="build">Of which release the replica is.</param>
    /// <param name="clockOffset">How its clock differs, as <c>faketime</c> takes it, such as <c>-1h</c>; null for the machine's.</param>
    /// <param name="settings">Settings of the API beside the addresses.</param>
    public async Task<(Uri Address, ChildProcess Process)> StartReplicaAsync(ApiBuild build, string? clockOffset, params (string Name, string Value)[] settings)
    {
        (Uri address, ChildProcess replica) = StartProcess(build, clockOffset, settings);
        await replica.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        Replicas = [.. Replicas, address];
        return (address, replica);
    }

    /// <summary>The same of one that may end before it listens.</summary>
    public (Uri Address, ChildProcess Process) StartProcess(ApiBuild build, string? clockOffset, params (string Name, string Value)[] settings)
    {
        Uri address = Local(FreePort.Next());
        managementPorts[address] = FreePort.Next();
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            // The release before has one role for everything.
            ["Postgres__ConnectionString"] = build == ApiBuild.Current ? PostgresServer.AsApplication(ConnectionString) : ConnectionString,
            ["Postgres__MigratorConnectionString"] = build == ApiBuild.Current ? ConnectionString : null,
            ["Health__ManagementPort"] = Text(managementPorts[address]),
            ["DataProtection__Certificate"] = KeyRingCertificate.Path,
            ["AllowedHosts"] = "127.0.0.1;localhost",
            ["Coordination__Masters"] = string.Join(",", Redis.Select(server => server.Address)),
            ["Grid__BaseUrl"] = Grid.ToString(),
            ["SSL_CERT_FILE"] = Grid.Scheme == Uri.UriSchemeHttps ? GridCertificate : null,
            // All callers come from this machine, by the hundred, and few accounts rent much.
            ["RateLimits__AnonymousPoints"] = "2000000000",
            ["RateLimits__AccountPoints"] = "2000000000",
            ["RateLimits__PartnerPoints"] = "2000000000",
            ["RateLimits__SocketsPerAddress"] = "0",
            ["RateLimits__StreamsPerAddress"] = "0",
            ["RateLimits__StreamsPerAccount"] = "0",
            ["RentalLimits__ActiveSlices"] = "0",
            ["RentalLimits__RentalsPerHour"] = "0",
            ["RentalLimits__CancellationsPerHour"] = "0",
            ["Accounts__RequireConfirmedEmail"] = "false", // Tests sign up by the hundred.
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

    /// <summary>SIGKILL of one replica.</summary>
    public void KillReplica(Uri address) => Process(address).Kill();

    /// <summary>SIGSTOP: the replica stands still in the middle of whatever it does, as in a long pause of its machine.</summary>
    public void PauseReplica(Uri address) => Process(address).Signal("STOP");

    /// <summary>SIGCONT: it goes on where it stood and knows nothing of the time between.</summary>
    public void ResumeReplica(Uri address) => Process(address).Signal("CONT");

    /// <summary>Nodes of the grid that nothing keeps from being offered by the demo market.</summary>
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

    /// <summary>Makes the stand-in say something else, as its <c>POST /_faults</c> takes it.</summary>
    public async Task TellGridAsync(object fault)
    {
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri(Grid, "/_faults"), fault);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The stand-in tells the truth again.</summary>
    public async Task HealGridAsync()
    {
        using HttpResponseMessage answer = await http.DeleteAsync(new Uri(Grid, "/_faults"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Where a replica of this release shows its health in full.</summary>
    public Uri ManagementOf(Uri replica) => Local(managementPorts[replica]);

    /// <summary>How a replica of this release answers <c>/health/ready</c> at its management port.</summary>
    public async Task<(int Status, JsonElement Report)> ReadyAsync(Uri replica)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri(ManagementOf(replica), "/health/ready"));
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>Waits until every replica takes turns in this way: <c>redlock</c> or <c>db_only</c>.</summary>
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
