using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Events;

/// <summary>Subscriptions over real sockets: the first message, the messages after a disconnection, and the response to an invalid cursor.</summary>
[Collection(MarketCollection.Name)]
public sealed class ResumeTests(Market market)
{
    private const string Combinations =
        """
        subscription ($node: Long!, $after: String) {
          onSliceCombinationChanged(after: $after, where: { gridNode: { gridId: { eq: $node } }, multiplier: { eq: 1 } }) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on SliceCombinationsSnapshot { isLast sliceCombinations { quantityAvailable } }
            ... on SliceCombinationChanged { sliceCombination { quantityAvailable } }
          }
        }
        """;

    private Cluster Cluster => market.Cluster;

    [Fact]
    public async Task A_stream_begins_with_a_snapshot_and_continues_with_changes_made_at_any_replica()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        long node = market.NextNode();
        string combination = await market.CombinationAsync(node);
        using LiveSocket live = await SubscribeAsync(market.One, node);

        JsonElement snapshot = await live.NextAsync();
        await renter.RentAsync(market.Other, combination);
        JsonElement first = await live.NextAsync();
        await renter.RentAsync(market.One, combination, quantity: 2);
        JsonElement second = await live.NextAsync();

        Assert.Equal("SNAPSHOT", snapshot.Kind());
        Assert.Equal(100, Assert.Single(snapshot.GetProperty("sliceCombinations").EnumerateArray()).GetProperty("quantityAvailable").GetInt32());
        Assert.Equal(["SLICES_RENTED 99", "SLICES_RENTED 97"], [Text(first), Text(second)]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_reconnecting_client_gets_exactly_what_it_missed_in_order_at_either_replica(int reconnectsTo)
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        long node = market.NextNode();
        string combination = await market.CombinationAsync(node);
        string cursor;
        using (LiveSocket live = await SubscribeAsync(market.One, node))
        {
            await live.NextAsync();
            await renter.RentAsync(market.One, combination);
            Assert.Equal("SLICES_RENTED 99", Text(await live.NextAsync()));
            cursor = live.Cursor;
        }

        var rented = new List<RentAnswer>();
        for (int missed = 0; missed < 5; missed++)
            rented.Add(await renter.RentAsync(market.Other, combination));
        await renter.CancelAsync(market.Other, rented[0].RentalId!);

        using LiveSocket reconnected = await SubscribeAsync(Cluster.Replicas[reconnectsTo], node, cursor);
        IReadOnlyList<JsonElement> caughtUp = await reconnected.NextUntilAsync(message => Text(message) == "SLICES_RELEASED 95");
        await renter.RentAsync(market.One, combination, quantity: 10);
        JsonElement next = await reconnected.NextAsync();

        Assert.Equal(
            ["SLICES_RENTED 98", "SLICES_RENTED 97", "SLICES_RENTED 96", "SLICES_RENTED 95", "SLICES_RENTED 94", "SLICES_RELEASED 95"],
            caughtUp.Select(Text));
        Assert.Equal("SLICES_RENTED 85", Text(next));
    }

    [Fact]
    public async Task A_cursor_that_we_did_not_issue_is_refused()
    {
        long node = (await Cluster.OrdinaryNodesAsync())[0];
        using LiveSocket live = await SubscribeAsync(market.One, node);
        await live.NextAsync();

        byte[] later = Base64Url.DecodeFromChars(live.Cursor);
        later[24]++; // The number of the next event with the signature of this one.
        string[] cursors = ["", "cursor", live.Cursor[..^4], live.Cursor + "AAAA", 'B' + live.Cursor[1..], Base64Url.EncodeToString(later)];
        foreach (string cursor in cursors)
        {
            using LiveSocket refused = await SubscribeAsync(market.Other, node, cursor);
            Assert.Equal("INVALID_CURSOR", await refused.ErrorCodeAsync());
        }
    }

    [Fact]
    public async Task An_unsigned_cursor_of_an_older_release_gets_a_reset_and_a_snapshot()
    {
        long node = (await Cluster.OrdinaryNodesAsync())[0];
        using LiveSocket live = await SubscribeAsync(market.One, node);
        await live.NextAsync();
        byte[] signed = Base64Url.DecodeFromChars(live.Cursor);

        // The current position, and one with a mark that no event has.
        byte[][] unsigned = [[1, .. signed[1..25]], [2, .. signed[1..33]], [2, .. signed[1..32], (byte)~signed[32]]];
        foreach (byte[] position in unsigned)
        {
            using LiveSocket reconnected = await SubscribeAsync(market.Other, node, Base64Url.EncodeToString(position));
            JsonElement first = await reconnected.NextAsync();
            string cursorOfReset = reconnected.Cursor;
            JsonElement second = await reconnected.NextAsync();
            using LiveSocket interrupted = await SubscribeAsync(market.Other, node, cursorOfReset);

            Assert.Equal(["StreamReset", "SliceCombinationsSnapshot"], [Type(first), Type(second)]);
            Assert.Equal("StreamReset", Type(await interrupted.NextAsync())); // The snapshot was never delivered, so the cursor of the reset still demands it.
        }
    }

    private static Task<LiveSocket> SubscribeAsync(Uri replica, long node, string? after = null) =>
        LiveSocket.SubscribeAsync(replica, Combinations, new { node, after });

    private static string Type(JsonElement message) => message.GetProperty("__typename").GetString()!;

    private static string Text(JsonElement message) => string.Create(
        CultureInfo.InvariantCulture,
        $"{message.Kind()} {message.GetProperty("sliceCombination").GetProperty("quantityAvailable").GetInt32()}");
}
