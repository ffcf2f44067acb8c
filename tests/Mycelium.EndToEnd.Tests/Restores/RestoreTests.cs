using System.Globalization;
using System.Text.Json;
using Mycelium.EndToEnd.Tests.Events;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Restores;

/// <summary>
/// PostgreSQL goes back in time under running replicas, or while all of them are down. No subscriber continues as if nothing had happened.
/// </summary>
public sealed class RestoreTests
{
    private const int SlicesOfANode = 100;
    private const int LostCount = 20;

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

    private static readonly (string, string)[] frequentSync = [("Grid__SyncInterval", "00:00:01"), ("Grid__SyncIntervalMax", "00:00:02")];

    [Fact]
    public async Task A_cold_copy_is_restored_while_the_replicas_run()
    {
        await using Rig rig = await Rig.StartAsync();
        await rig.Postgres.StopAsync();
        await rig.Postgres.SaveDataAsync();
        await rig.Postgres.StartProcessAsync();
        await rig.ServesAsync();
        using LiveSocket live = await rig.SubscribeAsync(rig.One);
        Assert.Equal("SNAPSHOT 100", Text(await live.NextAsync()));
        using (LiveSocket there = await rig.SubscribeAsync(rig.Other))
        {
            await rig.RentAsync(rig.Other, LostCount);
            // A replica that has read nothing from the lost period has lost nothing.
            await there.NextUntilAsync(message => Text(message) == "SLICES_RENTED 80");
        }
        await live.NextUntilAsync(message => Text(message) == "SLICES_RENTED 80");
        string lost = live.Cursor;

        await rig.Postgres.StopAsync();
        await rig.Postgres.RestoreDataAsync();
        await rig.Postgres.StartProcessAsync();

        Assert.Equal(["RESET", "SNAPSHOT 100"], (await live.NextUntilAsync(IsSnapshot)).Select(Text));
        await rig.ServesAsync();
        using LiveSocket early = await rig.SubscribeAsync(rig.Other, lost);
        Assert.Equal(["RESET", "SNAPSHOT 100"], (await early.NextUntilAsync(IsSnapshot)).Select(Text));
        await rig.RentAsync(rig.One, 2 * LostCount);
        Assert.Equal(2 * LostCount, (await live.NextUntilAsync(message => Text(message) == "SLICES_RENTED 60")).Count);
        using LiveSocket late = await rig.SubscribeAsync(rig.One, lost);
        Assert.Equal(["RESET", "SNAPSHOT 60"], (await late.NextUntilAsync(IsSnapshot)).Select(Text));
        foreach (Uri replica in rig.Cluster.Replicas)
            Assert.Equal(JsonValueKind.String, (await rig.Cluster.ReadyAsync(replica)).Report.GetProperty("restoredAt").ValueKind);
        await rig.Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_cold_copy_is_restored_while_all_replicas_are_down_and_only_clients_remember()
    {
        await using Rig rig = await Rig.StartAsync();
        string common, lost;
        using (LiveSocket live = await rig.SubscribeAsync(rig.One))
        {
            await live.NextAsync();
            await rig.RentAsync(rig.One, 1);
            await live.NextAsync();
            common = live.Cursor;
        }
        await rig.Postgres.StopAsync();
        await rig.Postgres.SaveDataAsync();
        await rig.Postgres.StartProcessAsync();
        await rig.ServesAsync();
        using (LiveSocket live = await rig.SubscribeAsync(rig.One, common))
        {
            await rig.RentAsync(rig.Other, LostCount);
            await live.NextUntilAsync(message => Text(message) == "SLICES_RENTED 79");
            lost = live.Cursor;
        }

        rig.KillReplicas();
        await rig.Postgres.StopAsync();
        await rig.Postgres.RestoreDataAsync();
        await rig.Postgres.StartProcessAsync();
        await rig.AddReplicasAsync();
        await rig.RentAsync(rig.One, 2 * LostCount);

        using LiveSocket back = await rig.SubscribeAsync(rig.One, lost);
        Assert.Equal(["RESET", "SNAPSHOT 59"], (await back.NextUntilAsync(IsSnapshot)).Select(Text));
        using LiveSocket earlier = await rig.SubscribeAsync(rig.Other, common);
        Assert.Equal(2 * LostCount, (await earlier.NextUntilAsync(message => Text(message) == "SLICES_RENTED 59")).Count); // It saw none of the lost events.
        await rig.Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_standby_is_promoted_without_the_last_commits()
    {
        await using Rig rig = await Rig.StartAsync();
        await using PostgresServer standby = await rig.Postgres.StartStandbyAsync();
        using LiveSocket live = await rig.SubscribeAsync(rig.One);
        await live.NextAsync();
        await rig.RentAsync(rig.Other, 1);
        await live.NextAsync();
        await standby.CatchUpAsync(rig.Postgres);
        await standby.StopReceivingAsync();
        await rig.RentAsync(rig.Other, LostCount);
        await live.NextUntilAsync(message => Text(message) == "SLICES_RENTED 79");
        string lost = live.Cursor;

        await rig.Postgres.KillAsync();
        await standby.PromoteAsync(rig.Postgres);

        Assert.Equal(["RESET", "SNAPSHOT 99"], (await live.NextUntilAsync(IsSnapshot)).Select(Text));
        await rig.RentAsync(rig.One, 2 * LostCount);
        Assert.Equal(2 * LostCount, (await live.NextUntilAsync(message => Text(message) == "SLICES_RENTED 59")).Count);
        using LiveSocket back = await rig.SubscribeAsync(rig.Other, lost);
        Assert.Equal(["RESET", "SNAPSHOT 59"], (await back.NextUntilAsync(IsSnapshot)).Select(Text));
        await rig.Cluster.InvariantsHoldAsync();
    }

    private static bool IsSnapshot(JsonElement message) => message.Kind() == "SNAPSHOT";

    private static string Text(JsonElement message)
    {
        string reason = message.Kind();
        JsonElement? row = message.TryGetProperty("sliceCombination", out JsonElement changed) ? changed
            : message.TryGetProperty("sliceCombinations", out JsonElement rows) ? rows.EnumerateArray().Single()
            : null;
        return row is { } shown ? string.Create(CultureInfo.InvariantCulture, $"{reason} {shown.GetProperty("quantityAvailable").GetInt32()}") : reason;
    }

    /// <summary>Two replicas on a PostgreSQL that keeps what it confirmed, a node with a hundred slices, and a renter.</summary>
    private sealed class Rig(Cluster cluster, long node) : IAsyncDisposable
    {
        private Renter renter = null!;
        private string combination = "";

        public Cluster Cluster => cluster;
        public PostgresServer Postgres => cluster.Postgres;
        public Uri One => cluster.Replicas[^2];
        public Uri Other => cluster.Replicas[^1];

        public static async Task<Rig> StartAsync()
        {
            Cluster cluster = await Cluster.StartAsync(durable: true, masterCount: 1);
            long node = (await cluster.OrdinaryNodesAsync())[0];
            await cluster.SetGridFaultAsync(new { node, slices = SlicesOfANode });
            var rig = new Rig(cluster, node);
            await rig.AddReplicasAsync();
            rig.renter = await Renter.SignUpAsync(cluster);
            rig.combination = await Market.CombinationAsync(rig.One, node);
            return rig;
        }

        public async Task AddReplicasAsync()
        {
            for (int replica = 0; replica < 2; replica++)
                await cluster.AddReplicaAsync(frequentSync);
        }

        public void KillReplicas()
        {
            foreach (Uri replica in cluster.Replicas)
                cluster.KillReplica(replica);
        }

        /// <summary>Waits until both replicas report that they serve.</summary>
        public async Task ServesAsync()
        {
            foreach (Uri replica in (Uri[])[One, Other])
                await Eventually.HoldsAsync(async () => (await cluster.ReadyAsync(replica)).Status == 200, "the replica serves");
        }

        public Task<LiveSocket> SubscribeAsync(Uri replica, string? after = null) => LiveSocket.SubscribeAsync(replica, Combinations, new { node, after });

        /// <summary>Rents single slices, one after the other.</summary>
        public async Task RentAsync(Uri replica, int count)
        {
            for (int rental = 0; rental < count; rental++)
                await renter.RentWithRetriesAsync(replica, combination, Guid.NewGuid().ToString());
        }

        public async ValueTask DisposeAsync()
        {
            renter?.Dispose();
            await cluster.DisposeAsync();
        }
    }
}
