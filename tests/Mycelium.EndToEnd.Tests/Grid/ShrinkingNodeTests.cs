using System.Text.Json;
using Mycelium.EndToEnd.Tests.Events;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Grid;

/// <summary>The grid reports a node as smaller than what is rented on it.</summary>
[Collection(MarketCollection.Name)]
public sealed class ShrinkingNodeTests(Market market)
{
    private const string Node =
        """
        subscription ($node: Long!) {
          onGridNodeChanged(where: { gridId: { eq: $node } }) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on GridNodeChanged { gridNode { allocatedSlices overcommittedSlices isSellable } }
          }
        }
        """;

    private Cluster Cluster => market.Cluster;

    [Fact]
    public async Task Rentals_stay_and_sales_stop_until_the_node_grows_again()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        (long node, long bystander) = (market.NextNode(), market.NextNode());
        string combination = await market.CombinationAsync(node);
        string rental = (await renter.RentAsync(market.One, combination, quantity: 10)).RentalId!;
        using LiveSocket live = await LiveSocket.SubscribeAsync(market.Other, Node, new { node });
        await live.NextAsync();

        await market.ResizeAsync(node, 4);
        await market.ResizeAsync(bystander, 50);
        JsonElement shrunk = (await live.NextUntilAsync(message => Reason(message) == "NODE_OVERCOMMITTED"))[^1].GetProperty("gridNode");
        RentAnswer refused = await renter.RentAsync(market.One, combination);
        JsonElement seen = await Market.NodeAsync(market.Other, node);
        IReadOnlyList<string> kept = await renter.ActiveRentalsAsync(market.Other);
        // A pass writes page by page: the bystander's new size shows that the shrunken node did not stop the pass.
        await Eventually.HoldsAsync(
            async () => (await Market.NodeAsync(market.Other, bystander)).GetProperty("sliceCapacity").GetInt32() == 50, "the bystander is read");
        await Cluster.InvariantsHoldAsync();

        await market.ResizeAsync(node, 12);
        JsonElement grown = (await live.NextUntilAsync(message => Reason(message) == "NODE_NO_LONGER_OVERCOMMITTED"))[^1].GetProperty("gridNode");
        RentAnswer[] last = [await renter.RentAsync(market.One, combination, quantity: 2), await renter.RentAsync(market.Other, combination)];

        Assert.Equal((10, 6, false), (Number(shrunk, "allocatedSlices"), Number(shrunk, "overcommittedSlices"), shrunk.GetProperty("isSellable").GetBoolean()));
        Assert.Equal(("NodeUnavailable", "OVERCOMMITTED"), (refused.Type, refused.Reason));
        Assert.Equal("OVERCOMMITTED", seen.GetProperty("unavailability").GetString());
        Assert.All(seen.GetProperty("sliceCombinations").EnumerateArray(), each => Assert.Equal(0, Number(each, "quantityAvailable")));
        Assert.Equal([rental], kept);
        Assert.Equal((0, true), (Number(grown, "overcommittedSlices"), grown.GetProperty("isSellable").GetBoolean()));
        Assert.Equal(["SlicesRented", "NotEnoughSlices"], last.Select(answer => answer.Type));
        await Cluster.InvariantsHoldAsync();
    }

    private static string? Reason(JsonElement message) => message.Kind();

    private static int Number(JsonElement of, string field) => of.GetProperty(field).GetInt32();
}
