using System.Text.Json;
using Mycelium.EndToEnd.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>A replica dies while it renews a rental or bills an hour. Each is charged once.</summary>
[Collection(FullMarketCollection.Name)]
public sealed class BillingKillTests(FullMarket market) : IAsyncLifetime
{
    public Task InitializeAsync() => market.BeReadyAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_renewal_is_charged_once_whenever_a_replica_dies()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        Guid account = Books.Uuid((await renter.At(market.Replica).Data("{ me { id } }")).GetProperty("me").GetProperty("id").GetString()!);
        string rental = (await renter.RentAsync(market.Replica, await market.NextCombinationAsync())).RentalId!;
        await ActiveAsync(renter);
        await renter.At(market.Replica).Data(
            "mutation ($input: SetAutoRenewInput!) { setAutoRenew(input: $input) { __typename } }",
            new { input = new { rentalId = rental, maxPricePerHour = "1" } });

        // Inside the transaction, before anything is written, and then between the commit and the next rental.
        await using (WalletsHeld wallet = await WalletsHeld.TakeAsync(market.Database, account))
        {
            await market.PassAsync(TimeSpan.FromMinutes(31)); // Half of the term is over.
            await wallet.SomebodyWaitsAsync();
            market.Kill();
        }
        Assert.Equal(1, await SegmentCountAsync(rental));
        Held held = await Held.CommitsAsync(market.Database, "INSERT", "rental_segments", "NEW.kind = 'Renewal'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await Eventually.HoldsAsync(async () => await SegmentCountAsync(rental) == 2, "the renewal is there");
        await market.StartAsync();
        await market.PassesRunAsync();

        JsonElement renewed = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];
        Assert.Equal(["TERM", "RENEWAL"], renewed.GetProperty("segments").EnumerateArray().Select(segment => segment.GetProperty("kind").GetString()));
        Assert.Equal(2 * renewed.Dollars("pricePerHour"), renewed.Dollars("paid"));
        Assert.Equal(2, (await renter.At(market.Replica).WalletAsync()).Entries["RENTAL_CHARGE"].Count());
        await market.CheckAsync();
    }

    [Fact]
    public async Task An_hour_is_billed_once_whenever_a_replica_dies()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string rental = await renter.RentMeteredAsync(market.Replica, await market.NextCombinationAsync());
        await ActiveAsync(renter);
        JsonElement begun = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];

        Held held = await Held.StatementsAsync(market.Database, "INSERT", "ledger_entries", "NEW.kind = 'MeteredCharge'");
        DateTime now = await market.NowAsync();
        await market.PassAsync(now.Date.AddHours(now.Hour + 1) - now); // The next hour begins.
        await market.KillAtAsync(held);
        Assert.Equal(0, await HourCountAsync(rental));
        held = await Held.CommitsAsync(market.Database, "INSERT", "ledger_entries", "NEW.kind = 'MeteredCharge'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await Eventually.HoldsAsync(async () => await HourCountAsync(rental) == 1, "the hour is billed");
        await market.StartAsync();
        await market.PassesRunAsync();

        JsonElement billed = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];
        Assert.Equal(begun.Dollars("paid") + billed.Dollars("pricePerHour"), billed.Dollars("paid"));
        Assert.Equal([-billed.Dollars("pricePerHour")], (await renter.At(market.Replica).WalletAsync()).Entries["METERED_CHARGE"]);
        await renter.CancelAsync(market.Replica, rental);
        await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000);
        await market.CheckAsync();
    }

    private Task ActiveAsync(Renter renter) =>
        Eventually.HoldsAsync(async () => (await renter.ActiveRentalsAsync(market.Replica)).Count == 1, "the rental is active");

    private Task<long> SegmentCountAsync(string rental) =>
        market.ScalarAsync<long>("SELECT count(*) FROM rental_segments WHERE rental_id = $1", Books.Uuid(rental));

    private Task<long> HourCountAsync(string rental) => market.ScalarAsync<long>(
        "SELECT count(*) FROM ledger_entries WHERE kind = 'MeteredCharge' AND subject_id = (SELECT renter_id FROM rentals WHERE id = $1)", Books.Uuid(rental));
}
