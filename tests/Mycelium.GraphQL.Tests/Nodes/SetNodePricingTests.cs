using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Nodes;

[Collection(ApiCollection.Name)]
public sealed class SetNodePricingTests(ApiHost host)
{
    [Fact]
    public async Task The_new_price_applies_to_every_combination()
    {
        long gridId = await host.PublishAsync(slices: 2, pricePerSlice: 0.015m);

        JsonElement answer = await host.Farmer.MutateAsync(
            "setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.000001m + 0.02m },
            "... on NodePricingSet { previousPricePerSliceHour gridNode { pricePerSliceHour sliceCombinations { pricePerHour } } }");

        Refusal.AssertNone("NodePricingSet", answer);
        Assert.Equal(0.015m, answer.GetProperty("previousPricePerSliceHour").GetDollars());
        Assert.Equal(0.020001m, answer.GetProperty("gridNode").GetProperty("pricePerSliceHour").GetDollars());
        Assert.Equal(
            [0.020001m, 0.040002m],
            answer.GetProperty("gridNode").GetProperty("sliceCombinations").EnumerateArray().Select(row => row.GetProperty("pricePerHour").GetDollars()));
    }

    [Fact]
    public async Task Each_state_that_forbids_it_gets_its_own_refusal()
    {
        Refusal.AssertIs("NodeNotFound", await PriceAsync(host.Farmer, 77_777_777));
        Refusal.AssertIs("NodeNotRegistered", await PriceAsync(host.Farmer, await host.DiscoverAsync()));
        long registered = await host.RegisterAsync();
        Refusal.AssertIs("NotYourNode", await PriceAsync(await host.RenterAsync(dollars: 0), registered));
        Refusal.AssertIs("PriceOutOfRange", await PriceAsync(host.Farmer, registered, 0.000999m));
        Refusal.AssertIs("PriceOutOfRange", await PriceAsync(host.Farmer, registered, 1.000001m));
    }

    [Fact]
    public async Task A_price_has_at_most_six_digits_after_the_point() =>
        Assert.Equal("BAD_USER_INPUT", await host.Farmer.MutationErrorCodeAsync(
            "setNodePricing", new { nodeId = ApiHost.Node(await host.RegisterAsync()), pricePerSliceHour = 0.0150001m }));

    [Fact]
    public async Task Only_signed_in_callers_set_prices() =>
        Assert.Equal(
            "UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("setNodePricing", new { nodeId = ApiHost.Node(1), pricePerSliceHour = 0.02m }));

    private static Task<JsonElement> PriceAsync(Api caller, long gridId, decimal pricePerSlice = 0.02m) =>
        caller.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = pricePerSlice });
}
