using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Rentals;

/// <summary>Looking up one rental, and what is needed to rent the same again.</summary>
[Collection(ApiCollection.Name)]
public sealed class RentalLookupTests(ApiHost host)
{
    private const string ById =
        "query($id: ID!) { rental(id: $id) { id startsAt endsAt term { hours months discountPercent } sliceCombination { id multiplier } } }";

    [Fact]
    public async Task A_rental_is_found_only_by_its_renter()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Assert.Equal(id, (await renter.DataAsync(ById, new { id })).GetProperty("rental").GetProperty("id").GetString());
        foreach (Api stranger in new[] { await host.RenterAsync(dollars: 0), host.Farmer, host.Operator })
            Assert.Equal(JsonValueKind.Null, (await stranger.DataAsync(ById, new { id })).GetProperty("rental").ValueKind);
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync(ById, new { id }));
    }

    [Fact]
    public async Task A_rental_says_what_to_rent_again_and_for_which_term()
    {
        long gridId = await host.PublishAsync(pricePerSlice: 0.001m);
        Api renter = await host.RenterAsync();
        string? byMonth = (await renter.RentAsync(host.Input(gridId, multiplier: 2, term: new { months = 3 }))).GetProperty("id").GetString();
        string? byHour = (await renter.RentAsync(host.Input(gridId, term: new { hours = 2_160 }))).GetProperty("id").GetString();

        JsonElement months = (await renter.DataAsync(ById, new { id = byMonth })).GetProperty("rental");
        JsonElement hours = (await renter.DataAsync(ById, new { id = byHour })).GetProperty("rental");

        Assert.Equal("""{"hours":2160,"months":3,"discountPercent":5}""", months.GetProperty("term").GetRawText());
        Assert.Equal("""{"hours":2160,"months":null,"discountPercent":0}""", hours.GetProperty("term").GetRawText());
        Assert.Equal(ApiHost.Combination(gridId, multiplier: 2), months.GetProperty("sliceCombination").GetProperty("id").GetString());
        Assert.Equal(ApiHost.Combination(gridId), hours.GetProperty("sliceCombination").GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_combination_of_a_rental_is_null_while_its_node_is_off_the_market()
    {
        long gridId = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(gridId))).GetProperty("id").GetString();
        await host.Farmer.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(gridId) });

        Assert.Equal(JsonValueKind.Null, (await renter.DataAsync(ById, new { id })).GetProperty("rental").GetProperty("sliceCombination").ValueKind);
    }

    [Theory]
    [InlineData("where: { sshPublicKey: { startsWith: \"ssh\" } }")]
    [InlineData("order: [{ sshPublicKey: ASC }]")]
    public async Task Nothing_is_filtered_or_ordered_by_a_key(string argument) =>
        Assert.Equal("GRAPHQL_VALIDATION_FAILED", await host.Anyone.ErrorCodeAsync($"{{ rentals({argument}) {{ nodes {{ id }} }} }}"));
}
