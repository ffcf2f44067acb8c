using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class SetAutoRenewTests(ApiHost host)
{
    private static Task<JsonElement> SetAsync(Api renter, string? rentalId, string? max) => renter.MutateAsync(
        "setAutoRenew", new { rentalId, maxPricePerHour = max },
        "... on AutoRenewSet { refund rental { autoRenew { maxPricePerHour renewsAt } timeline { reason } } }");

    [Fact]
    public async Task A_rental_says_when_and_up_to_which_price_it_renews_itself()
    {
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(host.Input(await host.PublishAsync(), term: new { hours = 100 }));
        string? id = rental.GetProperty("id").GetString();

        JsonElement on = Refusal.AssertNone("AutoRenewSet", await SetAsync(renter, id, "0.02"));
        JsonElement off = Refusal.AssertNone("AutoRenewSet", await SetAsync(renter, id, null));

        JsonElement autoRenew = on.GetProperty("rental").GetProperty("autoRenew");
        Assert.Equal(0.02m, autoRenew.GetProperty("maxPricePerHour").GetDollars());
        Assert.Equal(rental.GetProperty("endsAt").GetDateTimeOffset().AddHours(-24), autoRenew.GetProperty("renewsAt").GetDateTimeOffset());
        Assert.Equal(JsonValueKind.Null, off.GetProperty("rental").GetProperty("autoRenew").ValueKind);
        Assert.Equal(0, off.GetProperty("refund").GetDollars());
        Assert.Equal(
            ["RENTAL_STARTED", "RENTAL_AUTO_RENEW_SET", "RENTAL_AUTO_RENEW_SET"],
            off.GetProperty("rental").GetProperty("timeline").EnumerateArray().Select(moment => moment.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Another_renters_rental_and_one_that_has_ended_are_refused()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Refusal.AssertIs("RentalNotFound", await SetAsync(await host.RenterAsync(), id, "0.02"));
        await renter.MutateAsync("cancelRental", new { rentalId = id, idempotencyKey = host.NewKey() });
        Refusal.AssertIs("RentalAlreadyEnded", await SetAsync(renter, id, "0.02"));
    }

    [Fact]
    public async Task A_price_below_zero_is_bad_input()
    {
        Api renter = await host.RenterAsync();
        string? id = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString();

        Assert.Equal("BAD_USER_INPUT", await renter.MutationErrorCodeAsync("setAutoRenew", new { rentalId = id, maxPricePerHour = "-0.01" }));
    }

    [Fact]
    public async Task Only_signed_in_callers_renew() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "setAutoRenew", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), maxPricePerHour = "1" }));
}
