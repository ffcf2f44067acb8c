using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class RentalQueryTests(ApiHost host)
{
    private const string ById = "query($id: ID!) { node(id: $id) { id } }";

    [Fact]
    public async Task Rentals_are_visible_only_to_their_renter()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        Api other = await host.RenterAsync(dollars: 0);
        string? id = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();

        Assert.Equal([id], await IdsAsync(renter));
        Assert.Empty(await IdsAsync(other));
        Assert.Empty(await IdsAsync(host.Farmer));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync("{ rentals { nodes { id } } }"));

        Assert.Equal(id, (await renter.DataAsync(ById, new { id })).GetProperty("node").GetProperty("id").GetString());
        foreach (Api stranger in new[] { other, host.Farmer, host.Operator, host.Anyone })
            Assert.Equal(JsonValueKind.Null, (await stranger.DataAsync(ById, new { id })).GetProperty("node").ValueKind);
    }

    [Fact]
    public async Task Rentals_are_filtered_by_their_state()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        string? ended = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        string? active = (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();
        await renter.MutateAsync("cancelRental", new { rentalId = ended, idempotencyKey = host.NewKey() });

        Assert.Equal([active], await IdsAsync(renter, "(where: { status: { eq: ACTIVE } })"));
        Assert.Equal([ended], await IdsAsync(renter, "(where: { endReason: { eq: CANCELLED_BY_RENTER } })"));
        Assert.Equal([ended, active], await IdsAsync(renter, "(order: [{ startsAt: ASC }])"));
    }

    [Fact]
    public async Task An_impossible_request_is_not_quoted()
    {
        long node = await host.PublishAsync(slices: 4);

        Refusal.AssertIs("InvalidQuantity", await host.Anyone.QuoteAsync(node, quantity: 0));
        Refusal.AssertIs("InvalidRentalTerm", await host.Anyone.QuoteAsync(node, term: new { months = 5 }));
        Refusal.AssertIs("NotEnoughSlices", await host.Anyone.QuoteAsync(node, quantity: 5));
        Refusal.AssertIs("SliceCombinationNotFound", await host.Anyone.QuoteAsync(node, multiplier: 8));
        Refusal.AssertIs("SliceCombinationNotFound", await host.Anyone.QuoteAsync(77_777_777));
        Refusal.AssertIs("NodeUnavailable", await host.Anyone.QuoteAsync(await host.RegisterAsync()));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 5)]
    [InlineData(6, 10)]
    [InlineData(12, 15)]
    public async Task Months_are_cheaper_by_their_discount(int months, int percent)
    {
        JsonElement quote = await host.Anyone.QuotedAsync(await host.PublishAsync(pricePerSlice: 0.01m), term: new { months });

        decimal list = 7.2m * months;
        Assert.Equal(list, quote.GetProperty("listPrice").GetDollars());
        Assert.Equal(list * percent / 100, quote.GetProperty("discountAmount").GetDollars());
        Assert.Equal(list - (list * percent / 100), quote.GetProperty("total").GetDollars());
    }

    private static async Task<IEnumerable<string?>> IdsAsync(Api caller, string arguments = "") =>
        (await caller.DataAsync($"{{ rentals{arguments} {{ nodes {{ id }} }} }}")).GetProperty("rentals").GetProperty("nodes").EnumerateArray()
            .Select(row => row.GetProperty("id").GetString());
}
