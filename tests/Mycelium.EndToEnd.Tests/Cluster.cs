using System.Globalization;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>
/// The production shape with real processes: PostgreSQL, Redis masters, the grid stand-in and replicas of the API. What a fault test kills is its own.
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private static readonly string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal) ? "Release" : "Debug";
    private readonly List<ChildProcess> replicas = [];
    private ChildProcess grid = null!;

    private Cluster(PostgresServer postgres, RedisServer[] redis, string connectionString)
    {
        Postgres = postgres;
        Redis = redis;
        ConnectionString = connectionString;
    }

    public PostgresServer Postgres { get; }
    public IReadOnlyList<RedisServer> Redis { get; }
    public string ConnectionString { get; }
    public Uri Grid { get; private set; } = null!;
    public IReadOnlyList<Uri> Replicas { get; private set; } = [];

    /// <summary>What the replicas have written to their logs, for a failure's message.</summary>
    public string Logs => string.Join("\n", replicas.Select(replica => replica.Output));

    /// <param name="settings">Settings of the API beside the addresses, such as <c>Grid__IntervalSeconds</c>.</param>
    public static async Task<Cluster> StartAsync(
        int replicaCount = 2, int masterCount = 3, int nodeCount = 40, int farmCount = 4, bool durable = false, params (string Name, string Value)[] settings)
    {
        PostgresServer postgres = await PostgresServer.StartAsync(durable);
        var cluster = new Cluster(postgres, await RedisServer.StartAsync(masterCount), await postgres.CreateDatabaseAsync());
        int gridPort = FreePort.Next();
        cluster.Grid = Local(gridPort);
        cluster.grid = ChildProcess.Start("dotnet",
        [
            RepositoryRoot.Combine("tools", "Mycelium.GridStandIn", "bin", configuration, "net10.0", "Mycelium.GridStandIn.dll"),
            "--urls", cluster.Grid.ToString(), "--nodes", Text(nodeCount), "--farms", Text(farmCount),
        ]);
        await cluster.grid.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        for (int index = 0; index < replicaCount; index++)
            await cluster.AddReplicaAsync(settings);
        return cluster;
    }

    public async Task<Uri> AddReplicaAsync(params (string Name, string Value)[] settings)
    {
        Uri address = Local(FreePort.Next());
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Postgres__ConnectionString"] = ConnectionString,
            ["Coordination__Masters"] = string.Join(",", Redis.Select(server => server.Address)),
            ["Grid__BaseUrl"] = Grid.ToString(),
        };
        foreach ((string name, string value) in settings)
            environment[name] = value;

        ChildProcess replica = ChildProcess.Start("dotnet",
        [
            RepositoryRoot.Combine("src", "Mycelium.GraphQL", "bin", configuration, "net10.0", "Mycelium.GraphQL.dll"),
            "--urls", address.ToString(), "--contentRoot", RepositoryRoot.Combine("src", "Mycelium.GraphQL"),
        ], environment);
        replicas.Add(replica);
        await replica.WaitForLineAsync(line => line.Contains("Now listening on", StringComparison.Ordinal));
        Replicas = [.. Replicas, address];
        return address;
    }

    /// <summary>SIGKILL of one replica.</summary>
    public void KillReplica(int index) => replicas[index].Kill();

    public async ValueTask DisposeAsync()
    {
        foreach (ChildProcess replica in replicas)
            replica.Dispose();
        grid.Dispose();
        foreach (RedisServer server in Redis)
            server.Dispose();
        await Postgres.DisposeAsync();
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
