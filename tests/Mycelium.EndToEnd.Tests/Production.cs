namespace Mycelium.EndToEnd.Tests;

/// <summary>
/// A PostgreSQL that keeps what it confirmed, and replicas that retry a failing grid within seconds: for tests that kill processes.
/// </summary>
public sealed class Production : IAsyncLifetime
{
    private static readonly (string, string)[] settings =
    [
        ("Grid__SyncInterval", "00:00:01"), ("Grid__SyncIntervalMax", "00:00:02"), ("Grid__RetryDelay", "00:00:00.050"), ("Grid__BreakTime", "00:00:01"),
    ];

    private readonly Queue<long> nodes = new();

    public Cluster Cluster { get; private set; } = null!;

    /// <summary>The replica that no test kills.</summary>
    public Uri Survivor => Cluster.Replicas[0];

    public async Task InitializeAsync()
    {
        Cluster = await Cluster.StartAsync(durable: true);
        foreach (long node in await Cluster.OrdinaryNodesAsync())
            nodes.Enqueue(node);
        await AddReplicaAsync();
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    public Task<Uri> AddReplicaAsync() => Cluster.AddReplicaAsync(settings);

    /// <summary>Returns the combination of single slices of a node that sells and that no test has used.</summary>
    public async Task<string> NextCombinationAsync(int slicesMin = 1)
    {
        while (true)
        {
            long node = nodes.Dequeue();
            if ((await Market.NodeAsync(Survivor, node)).GetProperty("freeSlices").GetInt32() >= slicesMin)
                return await Market.CombinationAsync(Survivor, node);
        }
    }
}

/// <summary>Test classes that share one <see cref="Production"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ProductionCollection : ICollectionFixture<Production>
{
    public const string Name = "production";
}
