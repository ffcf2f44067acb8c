using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;

namespace Mycelium.GraphQL.Tests.Nodes;

[Collection(ApiCollection.Name)]
public sealed class UnpublishNodeTests(ApiHost host)
{
    [Fact]
    public async Task A_node_off_the_market_offers_nothing_and_keeps_its_rentals()
    {
        long gridId = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        await renter.RentAsync(host.Input(gridId));

        JsonElement answer = await host.Farmer.MutateAsync(
            "unpublishNode", new { nodeId = ApiHost.Node(gridId) },
            "... on NodeUnpublished { gridNode { isPublished allocatedSlices sliceCombinations { id } } }");

        JsonElement node = Refusal.AssertNone("NodeUnpublished", answer).GetProperty("gridNode");
        Assert.Empty(node.GetProperty("sliceCombinations").EnumerateArray());
        Assert.Equal(1, node.GetProperty("allocatedSlices").GetInt32());
        JsonElement rentals = (await renter.DataAsync("{ rentals { nodes { status } } }")).GetProperty("rentals").GetProperty("nodes");
        Assert.Equal("ACTIVE", rentals[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Each_state_that_forbids_it_gets_its_own_refusal()
    {
        Refusal.AssertIs("NodeNotFound", await UnpublishAsync(host.Farmer, 77_777_777));
        Refusal.AssertIs("NodeNotRegistered", await UnpublishAsync(host.Farmer, await host.DiscoverAsync()));
        Refusal.AssertIs("NotYourNode", await UnpublishAsync(await host.RenterAsync(dollars: 0), await host.PublishAsync()));
        Refusal.AssertIs("NodeNotPublished", await UnpublishAsync(host.Farmer, await host.RegisterAsync()));
    }

    [Fact]
    public async Task Only_signed_in_callers_unpublish() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("unpublishNode", new { nodeId = ApiHost.Node(1) }));

    private static Task<JsonElement> UnpublishAsync(Api caller, long gridId) => caller.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(gridId) });
}
