using System.Text.Json;
using Mycelium.EndToEnd.Tests.Events;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Upgrades;

/// <summary>A rolling upgrade: the previous release and this one serve side by side on one database, and the older one may even restart.</summary>
public sealed class TwoReleasesTests
{
    private const string Combinations =
        """
        subscription ($node: Long!, $after: String) {
          onSliceCombinationChanged(after: $after, where: { gridNode: { gridId: { eq: $node } }, multiplier: { eq: 1 } }) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on SliceCombinationsSnapshot { sliceCombinations { quantityAvailable } }
            ... on SliceCombinationChanged { sliceCombination { quantityAvailable } }
          }
        }
        """;

    /// <summary>The same in the previous release, whose names were not final yet.</summary>
    private const string PreviousCombinations =
        """
        subscription ($node: Long!, $after: String) {
          onSliceCombinationsChanged(after: $after, where: { node: { gridId: { eq: $node } }, multiplier: { eq: 1 } }) {
            __typename
            ... on StreamEvent { cursor reason }
            ... on SliceCombinationsSnapshot { sliceCombinations { quantityAvailable } }
            ... on SliceCombinationChanged { sliceCombination { quantityAvailable } }
          }
        }
        """;

    private static readonly (string, string)[] frequentSync = [("Grid__SyncInterval", "00:00:01")];

    [Fact]
    public async Task A_release_replaces_the_previous_one_while_both_rent_and_stream()
    {
        ApiBuild previous = await PreviousRelease.Build;
        await using Cluster cluster = await Cluster.StartAsync(durable: false, nodeCount: 40, masterCount: 1);
        long node = (await cluster.OrdinaryNodesAsync())[0];
        await cluster.SetGridFaultAsync(new { node, slices = 20 });

        Uri old = await cluster.AddReplicaAsync(previous, frequentSync);
        string combination = await Market.CombinationAsync(old, node);
        using Renter early = await Renter.SignUpAsync(cluster);
        string first = await RentAsync(early, old, combination);
        using LiveSocket onOld = await FollowAsync(old, PreviousCombinations, node, rented: 1);

        // The new release migrates while the old one is running.
        Uri fresh = await cluster.AddReplicaAsync(ApiBuild.Current, frequentSync);
        using Renter renter = await Renter.SignUpAsync(cluster);
        using LiveSocket onNew = await FollowAsync(fresh, Combinations, node, rented: 1);
        await RentAsync(renter, old, combination);
        string second = await RentAsync(renter, fresh, combination);
        await AssertReceivesAsync(onOld, "SLICES_RENTED 18");
        await AssertReceivesAsync(onNew, "SLICES_RENTED 18");

        // Each release ends a rental that the other one started.
        await early.CancelAsync(fresh, first);
        await renter.CancelAsync(old, second);
        await AssertReceivesAsync(onOld, "SLICES_RELEASED 19");
        await AssertReceivesAsync(onNew, "SLICES_RELEASED 19");

        // The old release restarts in the middle and overwrites nothing newer.
        string cursor = onOld.Cursor;
        cluster.KillReplica(old);
        Uri oldAgain = await cluster.AddReplicaAsync(previous, frequentSync);
        await RentAsync(renter, fresh, combination);
        await RentAsync(renter, oldAgain, combination);
        await AssertReceivesAsync(onNew, "SLICES_RENTED 17");

        // Neither release resumes from a cursor of the other. The old one refuses it, and its client starts over with a snapshot;
        // the new one sends a reset and a snapshot unasked.
        using (LiveSocket foreign = await LiveSocket.SubscribeAsync(oldAgain, PreviousCombinations, new { node, after = onNew.Cursor }))
            Assert.Equal("INVALID_CURSOR", await foreign.ErrorCodeAsync());
        cluster.KillReplica(oldAgain);
        using LiveSocket resumed = await LiveSocket.SubscribeAsync(fresh, Combinations, new { node, after = cursor });
        Assert.Equal("RESET", (await resumed.NextAsync()).Kind());
        Assert.Equal(
            17, Assert.Single((await resumed.NextAsync()).GetProperty("sliceCombinations").EnumerateArray()).GetProperty("quantityAvailable").GetInt32());
        await RentAsync(renter, fresh, combination);
        await cluster.InvariantsHoldAsync();
    }

    private static async Task<string> RentAsync(Renter renter, Uri replica, string combination) =>
        await renter.RentWithRetriesAsync(replica, combination, Guid.NewGuid().ToString());

    private static async Task<LiveSocket> FollowAsync(Uri replica, string query, long node, int rented)
    {
        LiveSocket live = await LiveSocket.SubscribeAsync(replica, query, new { node });
        JsonElement snapshot = await live.NextAsync();
        Assert.Equal(20 - rented, Assert.Single(snapshot.GetProperty("sliceCombinations").EnumerateArray()).GetProperty("quantityAvailable").GetInt32());
        return live;
    }

    private static async Task AssertReceivesAsync(LiveSocket live, string text) => await live.NextUntilAsync(message => Text(message) == text);

    private static string Text(JsonElement message) =>
        $"{message.Kind()} {message.GetProperty("sliceCombination").GetProperty("quantityAvailable").GetInt32()}";
}
