using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

/// <summary>Rentals that are paid by the hour, and their limits.</summary>
[Collection(ApiCollection.Name)]
public sealed class SetSpendingLimitTests(ApiHost host)
{
    private Dictionary<string, object?> Metered(long node, string? limit = null)
    {
        Dictionary<string, object?> input = host.Input(node);
        input.Remove("term");
        input["billing"] = "METERED";
        input["spendingLimit"] = limit;
        return input;
    }

    private static Task<JsonElement> SetAsync(Api renter, string? rentalId, string? limit) => renter.MutateAsync(
        "setSpendingLimit", new { rentalId, limit }, "... on SpendingLimitSet { rental { spendingLimit timeline { reason } } }");

    [Fact]
    public async Task A_metered_rental_pays_the_rest_of_the_hour_and_shows_its_days_and_its_limit()
    {
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(Metered(await host.PublishAsync(), "0.5"));
        string? id = rental.GetProperty("id").GetString();

        JsonElement found = (await renter.DataAsync(
            """
            query($id: ID!) {
              rental(id: $id) {
                billing spendingLimit extrasPaid paid startsAt endsAt term { hours }
                days { day startsAt endsAt hours slices refunded publicIpHours publicIps trafficGib traffic }
              }
            }
            """,
            new { id })).GetProperty("rental");
        JsonElement listed = await renter.DataAsync(
            """
            {
              metered: rentals(where: { billing: { eq: METERED }, kind: { eq: SLICES } }) { nodes { id } }
              prepaid: rentals(where: { billing: { eq: PREPAID } }) { nodes { id } }
            }
            """);
        JsonElement set = Refusal.AssertNone("SpendingLimitSet", await SetAsync(renter, id, null));

        Assert.Equal(id, listed.GetProperty("metered").GetProperty("nodes")[0].GetProperty("id").GetString());
        Assert.Equal(0, listed.GetProperty("prepaid").GetProperty("nodes").GetArrayLength());
        Assert.Equal("METERED", found.GetProperty("billing").GetString());
        Assert.Equal(0.5m, found.GetProperty("spendingLimit").GetDollars());
        DateTimeOffset end = found.GetProperty("endsAt").GetDateTimeOffset();
        Assert.Equal((0, 0), (end.Minute, end.Second));
        JsonElement day = found.GetProperty("days")[0];
        Assert.Equal(found.GetProperty("paid").GetDollars(), day.GetProperty("slices").GetDollars());
        Assert.InRange(day.GetProperty("hours").GetDouble(), 0, 1.0001);
        Assert.Equal(JsonValueKind.Null, set.GetProperty("rental").GetProperty("spendingLimit").ValueKind);
        Assert.Equal(
            ["RENTAL_STARTED", "RENTAL_SPENDING_LIMIT_SET"],
            set.GetProperty("rental").GetProperty("timeline").EnumerateArray().Select(moment => moment.GetProperty("reason").GetString()));
        Refusal.AssertIs("RentalIsMetered", await renter.MutateAsync("setAutoRenew", new { rentalId = id, maxPricePerHour = "1" }));
        Refusal.AssertIs("RentalIsMetered", await renter.MutateAsync(
            "extendRental", new { rentalId = id, term = new { hours = 1 }, idempotencyKey = host.NewKey() }));
        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = id, idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("RentalAlreadyEnded", await SetAsync(renter, id, "1"));
    }

    [Theory]
    [InlineData("TERM_MISSING", false, false, false, null)]
    [InlineData("TERM_FOR_METERED", true, true, false, null)]
    [InlineData("QUOTE_FOR_METERED", true, false, true, null)]
    [InlineData("LIMIT_FOR_PREPAID", false, true, false, "5")]
    [InlineData("LIMIT_BELOW_AN_HOUR", true, false, false, "0.014999")]
    public async Task What_does_not_go_together_is_refused(string flaw, bool isMetered, bool hasTerm, bool hasQuote, string? limit)
    {
        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = Metered(await host.PublishAsync(), limit);
        input["billing"] = isMetered ? "METERED" : "PREPAID";
        input["quoteToken"] = hasQuote ? "a.b.c" : null;
        if (hasTerm)
            input["term"] = new { hours = 1 };

        JsonElement refusal = await renter.MutateAsync("rentSlices", input, "... on InvalidBilling { billingFlaw }");

        Refusal.AssertIs("InvalidBilling", refusal);
        Assert.Equal(flaw, refusal.GetProperty("billingFlaw").GetString());
    }

    [Fact]
    public async Task An_hours_price_must_be_in_the_wallet()
    {
        Api renter = await host.RenterAsync(dollars: 0.014m);

        Refusal.AssertIs("InsufficientFunds", await renter.MutateAsync("rentSlices", Metered(await host.PublishAsync())));
    }

    [Fact]
    public async Task A_prepaid_rental_another_renters_and_a_negative_limit_are_refused()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Refusal.AssertIs("RentalIsPrepaid", await SetAsync(renter, id, "1"));
        Refusal.AssertIs("RentalNotFound", await SetAsync(await host.RenterAsync(), id, "1"));
        Assert.Equal("BAD_USER_INPUT", await renter.MutationErrorCodeAsync("setSpendingLimit", new { rentalId = id, limit = "-1" }));
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "setSpendingLimit", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), limit = "1" }));
    }
}
