using System.Diagnostics.Metrics;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Events;

[Collection(ApiCollection.Name)]
public sealed class SubscriptionTests(ApiHost host)
{
    private const string Market =
        """
        subscription($gridId: Long!, $after: String) {
          onSliceCombinationChanged(where: { gridNode: { gridId: { eq: $gridId } }, quantityAvailable: { gte: 2 } }, after: $after) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on SliceCombinationsSnapshot { isFirst isLast sliceCombinations { multiplier quantityAvailable gridNode { gridId } farm { name } } }
            ... on SliceCombinationChanged { sliceCombination { multiplier quantityAvailable gridNode { freeSlices } farm { name } } }
            ... on SliceCombinationLeft { sliceCombinationId }
          }
        }
        """;

    private const string Nodes =
        """
        subscription($gridId: Long!) {
          onGridNodeChanged(where: { gridId: { eq: $gridId }, isPublished: { eq: true } }) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on GridNodesSnapshot { isFirst isLast gridNodes { gridId } }
            ... on GridNodeChanged { gridNode { freeSlices pricePerSliceHour } }
            ... on GridNodeLeft { nodeId }
          }
        }
        """;

    private const string Rentals =
        """
        subscription {
          onRentalChanged {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on RentalsSnapshot { isFirst isLast rentals { id } }
            ... on RentalChanged { rental { id status refunded gridNode { gridId } } }
          }
        }
        """;

    [Fact]
    public async Task The_market_stream_is_a_snapshot_then_changes_until_a_row_leaves_the_filter()
    {
        long gridId = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync();
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Market, new { gridId });

        JsonElement snapshot = await socket.NextAsync();
        await renter.RentAsync(host.Input(gridId));
        JsonElement changed = await socket.NextAsync("SLICES_RENTED");
        JsonElement left = await socket.NextAsync("SLICES_RENTED");

        AssertIs("SliceCombinationsSnapshot", "SNAPSHOT", snapshot);
        Assert.Equal([(1, 4), (2, 2)], snapshot.GetProperty("sliceCombinations").EnumerateArray().Select(Offer));
        AssertIs("SliceCombinationChanged", "SLICES_RENTED", changed);
        Assert.Equal((1, 3), Offer(changed.GetProperty("sliceCombination")));
        AssertIs("SliceCombinationLeft", "SLICES_RENTED", left);
        Assert.Equal(ApiHost.Combination(gridId, multiplier: 2), left.GetProperty("sliceCombinationId").GetString());

        static (int, int) Offer(JsonElement row) => (row.GetProperty("multiplier").GetInt32(), row.GetProperty("quantityAvailable").GetInt32());
    }

    [Fact]
    public async Task A_reconnecting_subscriber_receives_what_it_missed_without_a_snapshot()
    {
        long gridId = await host.PublishAsync(slices: 4);
        await host.NumberedAsync();
        string? after;
        using (Socket first = await Socket.SubscribeAsync(host.Anyone, Market, new { gridId }))
            after = (await first.NextAsync()).GetProperty("cursor").GetString();
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.5m });

        using Socket second = await Socket.SubscribeAsync(host.Anyone, Market, new { gridId, after });

        AssertIs("SliceCombinationChanged", "NODE_REPRICED", await second.NextAsync("NODE_REPRICED"));
    }

    [Fact]
    public async Task Moving_a_node_to_another_farm_is_streamed_as_a_change()
    {
        const string Farms =
            """
            subscription($gridId: Long!, $after: String) {
              onSliceCombinationChanged(where: { gridNode: { gridId: { eq: $gridId } }, multiplier: { eq: 1 } }, after: $after) {
                __typename ... on StreamEvent { cursor } ... on ChangeEvent { reason }
                ... on SliceCombinationChanged { sliceCombination { farm { name } } }
              }
            }
            """;
        long gridId = await host.PublishAsync(slices: 1);
        await host.NumberedAsync();
        using Socket live = await Socket.SubscribeAsync(host.Anyone, Farms, new { gridId });
        string? after = (await live.NextAsync()).GetProperty("cursor").GetString();

        await host.SqlAsync(
            """
            UPDATE nodes SET farm_id = (SELECT min(id) FROM farms WHERE grid = 'main'), version = version + 1, sync_sequence = sync_sequence + 1
            WHERE grid_id = $1
            """,
            gridId);
        JsonElement first = await live.NextAsync("NODE_OBSERVED");
        using Socket reconnected = await Socket.SubscribeAsync(host.Anyone, Farms, new { gridId, after });
        JsonElement resumed = await reconnected.NextAsync("NODE_OBSERVED");

        Assert.NotEqual("Test farm", first.GetProperty("sliceCombination").GetProperty("farm").GetProperty("name").GetString());
        Assert.Equal(first.GetRawText(), resumed.GetRawText());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not even JSON")]
    [InlineData("""{"id": "a text", "farm": null}""")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task An_unreadable_event_causes_a_reset_and_a_snapshot_without_ending_the_stream(string state)
    {
        long gridId = await host.PublishAsync(slices: 1);
        Api renter = await host.RenterAsync();
        using Socket live = await Socket.SubscribeAsync(host.Anyone, Market.Replace("gte: 2", "gte: 1", StringComparison.Ordinal), new { gridId });
        using Socket rentals = await Socket.SubscribeAsync(renter, Rentals);
        string? after = (await live.NextAsync()).GetProperty("cursor").GetString();
        await rentals.NextAsync();

        long count = 0;
        using var counting = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "mycelium_events_unreadable_total")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        counting.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref count, value));
        counting.Start();
        await host.SqlAsync(
            "INSERT INTO events (kind, reason, node_id, state, previous) SELECT 'NODE', 'NodeObserved', id, $2, '{}' FROM nodes WHERE grid_id = $1",
            gridId, state);
        JsonElement[] received = [await live.NextAsync(), await live.NextAsync()];
        using Socket reconnected = await Socket.SubscribeAsync(
            host.Anyone, Market.Replace("gte: 2", "gte: 1", StringComparison.Ordinal), new { gridId, after });
        JsonElement[] receivedAgain = [await reconnected.NextAsync(), await reconnected.NextAsync()];
        await renter.RentAsync(host.Input(gridId));

        Assert.All(new[] { received, receivedAgain }, messages => Assert.Equal(["RESET", "SNAPSHOT"], messages.Select(message => message.Kind())));
        AssertIs("SliceCombinationLeft", "SLICES_RENTED", await live.NextAsync());
        AssertIs("SliceCombinationLeft", "SLICES_RENTED", await reconnected.NextAsync());
        AssertIs("RentalChanged", "RENTAL_STARTED", await rentals.NextAsync()); // The event did not concern rentals, so their stream was not disturbed.
        Assert.True(count >= 2, "The resets are not counted.");
    }

    [Fact]
    public async Task A_cursor_that_we_did_not_issue_is_refused()
    {
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Market, new { gridId = 1, after = "none-of-ours" });

        Assert.Equal("INVALID_CURSOR", await socket.ErrorCodeAsync());
    }

    [Fact]
    public async Task A_node_is_streamed_until_it_leaves_the_filter()
    {
        long gridId = await host.PublishAsync();
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Nodes, new { gridId });

        JsonElement snapshot = await socket.NextAsync();
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.25m });
        JsonElement changed = await socket.NextAsync("NODE_REPRICED");
        await host.Farmer.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(gridId) });
        JsonElement left = await socket.NextAsync("NODE_UNPUBLISHED");

        AssertIs("GridNodesSnapshot", "SNAPSHOT", snapshot);
        Assert.Equal(gridId, Assert.Single(snapshot.GetProperty("gridNodes").EnumerateArray()).GetProperty("gridId").GetInt64());
        AssertIs("GridNodeChanged", "NODE_REPRICED", changed);
        Assert.Equal(0.25m, changed.GetProperty("gridNode").GetProperty("pricePerSliceHour").GetDollars());
        AssertIs("GridNodeLeft", "NODE_UNPUBLISHED", left);
    }

    [Fact]
    public async Task A_renter_receives_only_their_own_rentals()
    {
        long gridId = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        using Socket socket = await Socket.SubscribeAsync(renter, Rentals);

        JsonElement snapshot = await socket.NextAsync();
        await (await host.RenterAsync()).RentAsync(host.Input(gridId));
        string? id = (await renter.RentAsync(host.Input(gridId))).GetProperty("id").GetString();
        JsonElement started = await socket.NextAsync("RENTAL_STARTED");
        await renter.MutateAsync("cancelRental", new { rentalId = id, idempotencyKey = host.NewKey() });
        JsonElement cancelled = await socket.NextAsync("RENTAL_CANCELLED");

        AssertIs("RentalsSnapshot", "SNAPSHOT", snapshot);
        Assert.Empty(snapshot.GetProperty("rentals").EnumerateArray());
        AssertIs("RentalChanged", "RENTAL_STARTED", started);
        AssertIs("RentalChanged", "RENTAL_CANCELLED", cancelled);
        Assert.Equal((id, "ACTIVE"), Text(started));
        Assert.Equal((id, "CANCELLED"), Text(cancelled));

        static (string?, string?) Text(JsonElement message) =>
            (message.GetProperty("rental").GetProperty("id").GetString(), message.GetProperty("rental").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Rentals_cannot_be_followed_without_signing_in()
    {
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Rentals);

        Assert.Equal("UNAUTHENTICATED", await socket.ErrorCodeAsync());
    }

    private static void AssertIs(string type, string reason, JsonElement message)
    {
        Assert.True(message.GetProperty("__typename").GetString() == type, message.GetRawText());
        Assert.Equal(reason, message.Kind());
        Assert.NotEmpty(message.GetProperty("cursor").GetString()!);
    }
}
