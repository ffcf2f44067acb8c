using System.Text.Json;
using Mycelium.EndToEnd.Tests.Events;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Upgrades;

/// <summary>An upgrade one replica after the other: the release before and this one serve side by side on one database, and the older one may even restart.</summary>
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

    private static readonly (string, string)[] often = [("Grid__SyncInterval", "00:00:01")];

    [Fact]
    public async Task A_release_replaces_the_one_before_while_both_rent_and_follow()
    {
        ApiBuild previous = await PreviousRelease.Build;
        await using Cluster cluster = await Cluster.StartAsync(durable: false, nodeCount: 40, masterCount: 1);
        long node = (await cluster.OrdinaryNodesAsync())[0];
        await cluster.TellGridAsync(new { node, slices = 20 });

        Uri old = await cluster.AddReplicaAsync(previous, often);
        string combination = await Market.CombinationAsync(old, node);
        using Renter early = await Renter.SignUpAsync(cluster);
        string first = await RentAsync(early, old, combination);
        using LiveSocket onOld = await FollowAsync(old, PreviousCombinations, node, rented: 1);

        // The new release migrates under the old one's feet.
        Uri fresh = await cluster.AddReplicaAsync(ApiBuild.Current, often);
        using Renter renter = await Renter.SignUpAsync(cluster);
        using LiveSocket onNew = await FollowAsync(fresh, Combinations, node, rented: 1);
        await RentAsync(renter, old, combination);
        string second = await RentAsync(renter, fresh, combination);
        await SeesAsync(onOld, "SLICES_RENTED 18");
        await SeesAsync(onNew, "SLICES_RENTED 18");

        // What one release began, the other ends.
        await early.CancelAsync(fresh, first);
        await renter.CancelAsync(old, second);
        await SeesAsync(onOld, "SLICES_RELEASED 19");
        await SeesAsync(onNew, "SLICES_RELEASED 19");

        // The old release restarts in the middle and puts nothing of its own over what is newer.
        string cursor = onOld.Cursor;
        cluster.KillReplica(old);
        Uri oldAgain = await cluster.AddReplicaAsync(previous, often);
        await RentAsync(renter, fresh, combination);
        await RentAsync(renter, oldAgain, combination);
        await SeesAsync(onNew, "SLICES_RENTED 17");

        // A cursor of either release is nothing that the other goes on from. The old one says so, and its client begins with a snapshot; the new one sends that by itself.
        using (LiveSocket astray = await LiveSocket.SubscribeAsync(oldAgain, PreviousCombinations, new { node, after = onNew.Cursor }))
            Assert.Equal("INVALID_CURSOR", await astray.ErrorCodeAsync());
        cluster.KillReplica(oldAgain);
        using LiveSocket resumed = await LiveSocket.SubscribeAsync(fresh, Combinations, new { node, after = cursor });
        Assert.Equal("RESET", (await resumed.NextAsync()).Kind());
        Assert.Equal(17, Assert.Single((await resumed.NextAsync()).GetProperty("sliceCombinations").EnumerateArray()).GetProperty("quantityAvailable").GetInt32());
        await RentAsync(renter, fresh, combination);
        await cluster.InvariantsHoldAsync();
    }

    private static async Task<string> RentAsync(Renter renter, Uri replica, string combination) =>
        await renter.RentAtLastAsync(replica, combination, Guid.NewGuid().ToString());

    private static async Task<LiveSocket> FollowAsync(Uri replica, string query, long node, int rented)
    {
        LiveSocket live = await LiveSocket.SubscribeAsync(replica, query, new { node });
        JsonElement snapshot = await live.NextAsync();
        Assert.Equal(20 - rented, Assert.Single(snapshot.GetProperty("sliceCombinations").EnumerateArray()).GetProperty("quantityAvailable").GetInt32());
        return live;
    }

    private static async Task SeesAsync(LiveSocket live, string text) => await live.NextUntilAsync(message => Text(message) == text);

    private static string Text(JsonElement message) =>
        $"{message.Kind()} {message.GetProperty("sliceCombination").GetProperty("quantityAvailable").GetInt32()}";
}
