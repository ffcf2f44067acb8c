using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Nodes;

[Collection(ApiCollection.Name)]
public sealed class PublishNodeTests(ApiHost host)
{
    [Fact]
    public async Task A_published_node_offers_a_combination_for_each_power_of_two_that_it_holds()
    {
        long gridId = await host.RegisterAsync(slices: 6);

        JsonElement answer = await host.Farmer.MutateAsync(
            "publishNode", new { nodeId = ApiHost.Node(gridId) },
            "... on NodePublished { gridNode { isSellable unavailability sliceCombinations { multiplier quantityAvailable pricePerHour pricePerMonth } } }");

        JsonElement node = Refusal.AssertNone("NodePublished", answer).GetProperty("gridNode");
        Assert.True(node.GetProperty("isSellable").GetBoolean());
        Assert.Equal(JsonValueKind.Null, node.GetProperty("unavailability").ValueKind);
        Assert.Equal(
            [(1, 6, 0.015m, 10.8m), (2, 3, 0.03m, 21.6m), (4, 1, 0.06m, 43.2m)],
            node.GetProperty("sliceCombinations").EnumerateArray().Select(combination => (
                combination.GetProperty("multiplier").GetInt32(), combination.GetProperty("quantityAvailable").GetInt32(),
                combination.GetProperty("pricePerHour").GetDollars(), combination.GetProperty("pricePerMonth").GetDollars())));
    }

    [Fact]
    public async Task Each_state_that_forbids_it_gets_its_own_refusal()
    {
        Refusal.AssertIs("NodeNotFound", await PublishAsync(host.Farmer, 0));
        Refusal.AssertIs("NodeNotFound", await PublishAsync(host.Farmer, 77_777_777));
        Refusal.AssertIs("NodeNotRegistered", await PublishAsync(host.Farmer, await host.DiscoverAsync()));
        Refusal.AssertIs("NotYourNode", await PublishAsync(await host.RenterAsync(dollars: 0), await host.RegisterAsync()));
        Refusal.AssertIs("NodeAlreadyPublished", await PublishAsync(host.Farmer, await host.PublishAsync()));
        Refusal.AssertIs("NodeHoldsNoSlice", await PublishAsync(host.Farmer, await host.RegisterAsync(slices: 0)));
    }

    [Fact]
    public async Task Only_signed_in_callers_publish() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("publishNode", new { nodeId = ApiHost.Node(1) }));

    private static Task<JsonElement> PublishAsync(Api caller, long gridId) => caller.MutateAsync("publishNode", new { nodeId = ApiHost.Node(gridId) });
}
