using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>Two replicas over a grid that is read every second, with nodes of a hundred slices that a test can have to itself.</summary>
public sealed class Market : IAsyncLifetime
{
    public const int SlicesOfANode = 100;
    private const int BigNodeCount = 16;
    private readonly Queue<long> bigNodes = new();

    public Cluster Cluster { get; private set; } = null!;
    public Uri One => Cluster.Replicas[0];
    public Uri Other => Cluster.Replicas[1];

    public async Task InitializeAsync()
    {
        Cluster = await Cluster.StartAsync(durable: false, nodeCount: 60);
        foreach (long node in (await Cluster.OrdinaryNodesAsync()).Take(BigNodeCount))
        {
            await ResizeAsync(node, SlicesOfANode);
            bigNodes.Enqueue(node);
        }
        Assert.Equal(BigNodeCount, bigNodes.Count);
        for (int replica = 0; replica < 2; replica++)
            await Cluster.AddReplicaAsync(("Grid__SyncInterval", "00:00:01"));
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>Returns a node that no test has used.</summary>
    public long NextNode() => bigNodes.Dequeue();

    /// <summary>Makes the grid report this number of slices for the node.</summary>
    public Task ResizeAsync(long node, int slices) => Cluster.SetGridFaultAsync(new { node, slices });

    /// <summary>Returns the id of the node's combination of single slices.</summary>
    public Task<string> CombinationAsync(long gridId) => CombinationAsync(One, gridId);

    public static async Task<string> CombinationAsync(Uri replica, long gridId)
    {
        JsonElement combination = (await NodeAsync(replica, gridId)).GetProperty("sliceCombinations").EnumerateArray()
            .Single(each => each.GetProperty("multiplier").GetInt32() == 1);
        return combination.GetProperty("id").GetString()!;
    }

    /// <summary>Returns a node as an anonymous caller sees it.</summary>
    public static async Task<JsonElement> NodeAsync(Uri replica, long gridId)
    {
        using var anonymous = new ApiClient(replica);
        JsonElement data = await anonymous.Data(
            """
            query ($gridId: Long!) {
              gridNode(gridId: $gridId) {
                id sliceCapacity allocatedSlices overcommittedSlices freeSlices isSellable unavailability capacityAsOf
                sliceCombinations { id multiplier quantityAvailable }
              }
            }
            """,
            new { gridId });
        return data.GetProperty("gridNode");
    }
}

/// <summary>Test classes that share one <see cref="Market"/> and run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MarketCollection : ICollectionFixture<Market>
{
    public const string Name = "market";
}
