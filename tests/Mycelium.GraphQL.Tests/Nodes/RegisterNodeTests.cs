using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Nodes;

[Collection(ApiCollection.Name)]
public sealed class RegisterNodeTests(ApiHost host)
{
    private const string Registered = "... on NodeRegistered { gridNode { gridId pricePerSliceHour isPublished unavailability sliceCombinations { id } } }";

    [Fact]
    public async Task A_node_of_the_farmers_farm_gets_the_default_price_and_sells_nothing_yet()
    {
        long gridId = await host.DiscoverAsync();

        JsonElement node = Refusal.AssertNone("NodeRegistered", await RegisterAsync(gridId)).GetProperty("gridNode");

        Assert.Equal(gridId, node.GetProperty("gridId").GetInt64());
        Assert.Equal(0.015m, node.GetProperty("pricePerSliceHour").GetDollars());
        Assert.Equal("NOT_PUBLISHED", node.GetProperty("unavailability").GetString());
        Assert.Empty(node.GetProperty("sliceCombinations").EnumerateArray());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_same_response_and_a_key_with_other_input_is_refused()
    {
        long gridId = await host.DiscoverAsync();
        string key = host.NewKey();

        Refusal.AssertNone("NodeRegistered", await RegisterAsync(gridId, key));
        Refusal.AssertNone("NodeRegistered", await RegisterAsync(gridId, key));
        Refusal.AssertIs("IdempotencyKeyReused", await RegisterAsync(await host.DiscoverAsync(), key));
    }

    [Fact]
    public async Task A_registered_node_is_not_registered_again() => Refusal.AssertIs("NodeAlreadyRegistered", await RegisterAsync(await host.RegisterAsync()));

    [Fact]
    public async Task A_node_that_the_grid_has_not_reported_is_not_found() => Refusal.AssertIs("NodeNotOnGrid", await RegisterAsync(77_777_777));

    [Fact]
    public async Task A_node_of_another_farmers_farm_is_refused()
    {
        var input = new { gridId = await host.DiscoverAsync(), idempotencyKey = host.NewKey() };

        Refusal.AssertIs("NotYourNode", await (await host.RenterAsync(dollars: 0)).MutateAsync("registerNode", input));
    }

    [Theory]
    [InlineData("0.000999", "PriceOutOfRange")]
    [InlineData("0.001", null)]
    [InlineData("1", null)]
    [InlineData("1.000001", "PriceOutOfRange")]
    public async Task A_price_outside_the_platforms_range_is_refused(string price, string? refusal)
    {
        decimal pricePerSlice = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture);

        JsonElement answer = await host.Farmer.MutateAsync(
            "registerNode", new { gridId = await host.DiscoverAsync(), pricePerSliceHour = pricePerSlice, idempotencyKey = host.NewKey() });

        if (refusal is null)
            Refusal.AssertNone("NodeRegistered", answer);
        else
            Refusal.AssertIs(refusal, answer);
    }

    [Fact]
    public async Task Only_signed_in_callers_register() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("registerNode", new { gridId = 1, idempotencyKey = host.NewKey() }));

    private Task<JsonElement> RegisterAsync(long gridId, string? key = null) =>
        host.Farmer.MutateAsync("registerNode", new { gridId, idempotencyKey = key ?? host.NewKey() }, Registered);
}
