using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>A quote of one replica, used at another after the farmer changed the price.</summary>
[Collection(MarketCollection.Name)]
public sealed class QuoteTests(Market market)
{
    [Fact]
    public async Task The_quoted_price_is_charged_to_the_micro_dollar_even_if_the_price_has_changed()
    {
        using Renter renter = await Renter.SignUpAsync(market.Cluster);
        using var anonymous = new ApiClient(market.One);
        using var farmer = new ApiClient(market.One, await anonymous.LogIn("farmer@demo.mycelium", "Demo-Mycelium-1"));
        long node = market.NextNode();
        string combination = await market.CombinationAsync(node);
        var term = new { months = 3 };

        JsonElement quoted = (await renter.At(market.One).Data(
            "query ($input: RentalQuoteInput!) { rentalQuote(input: $input) { ... on RentalQuoted { quote { total token } } } }",
            new { input = new { sliceCombinationId = combination, term } })).GetProperty("rentalQuote").GetProperty("quote");
        JsonElement repriced = await farmer.Data(
            "mutation ($input: SetNodePricingInput!) { setNodePricing(input: $input) { __typename } }",
            new { input = new { nodeId = (await Market.NodeAsync(market.One, node)).GetProperty("id").GetString(), pricePerSliceHour = "0.9" } });
        JsonElement charged = (await renter.At(market.Other).Data(
            "mutation ($input: RentSlicesInput!) { rentSlices(input: $input) { ... on SlicesRented { rental { paid } } } }",
            new
            {
                input = new
                {
                    sliceCombinationId = combination,
                    term,
                    sshPublicKey = A.Ed25519Line(filledWith: 7),
                    idempotencyKey = Guid.NewGuid().ToString(),
                    quoteToken = quoted.GetProperty("token").GetString(),
                },
            })).GetProperty("rentSlices").GetProperty("rental");
        JsonElement wallet = (await renter.At(market.One).Data("{ me { wallet { balance } } }")).GetProperty("me").GetProperty("wallet");

        decimal total = Dollars(quoted, "total");
        Assert.Equal("NodePricingSet", repriced.GetProperty("setNodePricing").GetProperty("__typename").GetString());
        Assert.Equal(total, Dollars(charged, "paid"));
        Assert.Equal(1_000m - total, Dollars(wallet, "balance"));
        await market.Cluster.InvariantsHoldAsync();
    }

    private static decimal Dollars(JsonElement of, string field) =>
        decimal.Parse(of.GetProperty(field).GetString()!, System.Globalization.CultureInfo.InvariantCulture);
}
