using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;

namespace Mycelium.GraphQL.Tests.Market;

[Collection(ApiCollection.Name)]
public sealed class SliceCombinationQueryTests(ApiHost host)
{
    private const string ById = "query($id: ID!) { sliceCombination(id: $id) { id multiplier quantityAvailable version gridNode { version } } }";

    [Fact]
    public async Task A_combination_is_found_by_its_id_while_its_node_offers_it()
    {
        long gridId = await host.PublishAsync(slices: 4);
        string id = ApiHost.Combination(gridId, multiplier: 2);

        JsonElement offered = await CombinationAsync(id);
        await host.Farmer.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(gridId) });

        Assert.Equal(
            (id, 2, 2),
            (offered.GetProperty("id").GetString(), offered.GetProperty("multiplier").GetInt32(), offered.GetProperty("quantityAvailable").GetInt32()));
        Assert.Equal(JsonValueKind.Null, (await CombinationAsync(id)).ValueKind);
        Assert.Equal(JsonValueKind.Null, (await CombinationAsync(ApiHost.Combination(77_777_777))).ValueKind);
    }

    [Fact]
    public async Task The_version_of_a_combination_is_that_of_its_node_and_grows_with_every_change_of_the_node()
    {
        long gridId = await host.PublishAsync(slices: 5);
        string id = ApiHost.Combination(gridId, multiplier: 4);
        Api renter = await host.RenterAsync();

        JsonElement before = await CombinationAsync(id);
        await renter.RentAsync(host.Input(gridId)); // Four of the five slices are still free, so the quantity of this combination stays.
        JsonElement after = await CombinationAsync(id);

        Assert.Equal(1, before.GetProperty("quantityAvailable").GetInt32());
        Assert.Equal(1, after.GetProperty("quantityAvailable").GetInt32());
        Assert.True(after.GetProperty("version").GetInt64() > before.GetProperty("version").GetInt64(), after.GetRawText());
        Assert.All(
            new[] { before, after },
            each => Assert.Equal(each.GetProperty("gridNode").GetProperty("version").GetInt64(), each.GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task An_id_of_another_type_is_refused() =>
        Assert.Equal("BAD_USER_INPUT", await host.Anyone.ErrorCodeAsync(ById, new { id = ApiHost.Node(1) }));

    private async Task<JsonElement> CombinationAsync(string id) => (await host.Anyone.DataAsync(ById, new { id })).GetProperty("sliceCombination");
}
