using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Extension, renewal, grace and cancelling, in PostgreSQL with its clock moved.</summary>
public sealed class RentalLifeTests
{
    private static readonly RentalTerm aDay = RentalTerm.OfHours(RentalHours.From(24));

    private static Task<IExtendRentalResult> ExtendAsync(
        TestMarket market, Rental rental, RentalTerm? term = null, ExtensionQuote? quote = null, IdempotencyKey? key = null, Replica? replica = null) =>
        (replica ?? market.Replica).Get<ExtendRental>().Execute(rental.RenterId, rental.Id, term ?? aDay, quote, key ?? market.NewKey(), default);

    private static Task<List<string>> TimelineAsync(TestMarket market, Rental rental) =>
        market.RowsAsync($"SELECT reason::text FROM rental_timeline WHERE rental_id = '{rental.Id}' ORDER BY version", row => row.GetString(0));

    private static Task<int> PriceAsync(TestMarket market, NodeId node, long price) =>
        market.SqlAsync("UPDATE nodes SET price_per_slice = $2, version = version + 1 WHERE id = $1", node.Value, price);

    [Fact]
    public async Task An_extension_charges_its_quote_and_is_carried_out_once_for_a_key()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync()));
        ExtensionQuote quote = Assert.IsType<ExtensionQuoted>(
            await market.Replica.Get<AskAboutRental>().Extension(rental.RenterId, rental.Id, aDay, default)).Quote;
        await PriceAsync(market, rental.NodeId, 900_000);
        IdempotencyKey key = market.NewKey();

        IExtendRentalResult[] answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => Task.Run(() => ExtendAsync(market, rental, quote: quote, key: key))));

        Assert.All(answers, answer => Assert.Equal((quote.Total, rental.EndsAt), Charged(answer)));
        Assert.Equal(MicroUsd.Parse("10") - rental.Paid - quote.Total, await market.BalanceAsync(rental.RenterId));
        Assert.IsType<QuoteUsed>(await ExtendAsync(market, rental, quote: quote));
        Assert.IsType<IdempotencyKeyReused>(await ExtendAsync(market, rental, RentalTerm.OfMonths(1), key: key));
        Assert.Equal(["RentalStarted", "RentalExtended"], await TimelineAsync(market, rental));
        await market.CheckAsync();

        static (MicroUsd, DateTimeOffset) Charged(IExtendRentalResult answer) =>
            answer is RentalExtended extended ? (extended.Charged, extended.PreviousEndsAt) : default;
    }

    [Fact]
    public async Task Another_accounts_rental_is_neither_extended_named_renewed_nor_quoted()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync()));
        AccountId thief = await market.AccountAsync("10");

        Assert.IsType<RentalNotFound>(await market.Replica.Get<ExtendRental>().Execute(thief, rental.Id, aDay, null, market.NewKey(), default));
        Assert.IsType<RentalNotFound>(await market.Replica.Get<RenameRental>().Execute(thief, rental.Id, "mine", default));
        Assert.IsType<RentalNotFound>(await market.Replica.Get<SetAutoRenew>().Execute(thief, rental.Id, rental.PricePerHour, default));
        Assert.IsType<RentalNotFound>(await market.Replica.Get<AskAboutRental>().Extension(thief, rental.Id, aDay, default));
        Assert.IsType<RentalNotFound>(await market.Replica.Get<AskAboutRental>().Cancelling(thief, rental.Id, default));
    }

    [Fact]
    public async Task A_rental_is_renamed_in_place()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync()) with { Name = "web-1" });
        RenameRental rename = market.Replica.Get<RenameRental>();

        Assert.Equal("db-1", Assert.IsType<RentalRenamed>(await rename.Execute(rental.RenterId, rental.Id, "db-1", default)).Rental.Name);
        await rename.Execute(rental.RenterId, rental.Id, "db-1", default);
        await rename.Execute(rental.RenterId, rental.Id, null, default);

        Assert.Equal("web-1", rental.Name);
        Assert.Equal(["RentalStarted", "RentalRenamed", "RentalRenamed"], await TimelineAsync(market, rental));
        await market.CheckAsync();
    }

    [Fact]
    public async Task What_a_quote_for_cancelling_says_comes_back()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("100"), await market.PublishAsync(), hours: 1_000));
        await ExtendAsync(market, rental);
        await market.PassAsync(TimeSpan.FromHours(500));
        CancelQuote quote = Assert.IsType<CancelQuoted>(
            await market.Replica.Get<AskAboutRental>().Cancelling(rental.RenterId, rental.Id, default)).Quote;
        await market.PassAsync(TimeSpan.FromHours(500) + TimeSpan.FromSeconds(50));
        MicroUsd before = await market.BalanceAsync(rental.RenterId);
        IdempotencyKey key = market.NewKey();

        foreach (int _ in Enumerable.Range(0, 2))
        {
            Assert.Equal(quote.Refund, Assert.IsType<RentalCancelled>(await market.Replica.Get<CancelRental>().Execute(
                rental.RenterId, rental.Id, quote.Ticket, key, isPartner: false, default)).Refund);
        }

        Assert.Equal(before + quote.Refund, await market.BalanceAsync(rental.RenterId));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_rental_renews_itself_a_day_before_its_end_and_the_renewal_comes_back_when_it_is_turned_off()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync(), hours: 100));
        SetAutoRenew set = market.Replica.Get<SetAutoRenew>();
        RenewRentals renew = market.Replica.Get<RenewRentals>();
        Assert.IsType<AutoRenewSet>(await set.Execute(rental.RenterId, rental.Id, rental.PricePerHour, default));

        await market.PassAsync(TimeSpan.FromHours(75.9));
        Assert.Equal(0, await renew.Execute(default));
        await market.PassAsync(TimeSpan.FromHours(76));
        Assert.Equal(1, await renew.Execute(default));
        Assert.Equal(0, await renew.Execute(default));
        Assert.Equal(MicroUsd.Parse("7"), await market.BalanceAsync(rental.RenterId));

        Assert.Equal(MicroUsd.Parse("1.5"), Assert.IsType<AutoRenewSet>(await set.Execute(rental.RenterId, rental.Id, null, default)).Refund);
        Assert.Equal(MicroUsd.Zero, Assert.IsType<AutoRenewSet>(await set.Execute(rental.RenterId, rental.Id, null, default)).Refund);
        await market.PassAsync(TimeSpan.FromHours(101));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        Assert.Equal(MicroUsd.Parse("8.5"), await market.BalanceAsync(rental.RenterId));
        Assert.Equal(
            ["RentalStarted", "RentalAutoRenewSet", "RentalRenewed", "RenewalRefunded", "RentalExpired"], await TimelineAsync(market, rental));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Without_money_a_rental_waits_in_grace_starts_nothing_new_and_returns_by_paying_what_it_owes_first()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("1.5");
        Rental rental = await market.RentedAsync(market.Request(renter, await market.PublishAsync(slices: 2), hours: 100));
        await market.Replica.Get<SetAutoRenew>().Execute(renter, rental.Id, rental.PricePerHour, default);
        await market.PassAsync(TimeSpan.FromHours(80));
        Assert.Equal(0, await market.Replica.Get<RenewRentals>().Execute(default));

        await market.PassAsync(TimeSpan.FromHours(101));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));
        await market.CheckAsync();
        Assert.Equal(1, await market.ScalarAsync<int>("SELECT free_slices FROM nodes"));
        await market.Replica.Get<DepositFunds>().Execute(Domain.Audit.Actor.Command, renter, MicroUsd.Parse("1"), market.NewKey(), default);
        Assert.IsType<AccountOwes>(await market.RentAsync(market.Request(renter, rental.NodeId)));
        Assert.IsType<AccountOwes>(await market.Replica.Get<ReserveSlices>().Execute(
            renter, new HoldRequest(SliceCombinationId.Of(rental.NodeId, 1), 1, TimeSpan.FromMinutes(5)), market.NewKey(), default));

        await market.PassAsync(TimeSpan.FromHours(110));
        var extended = Assert.IsType<RentalExtended>(await ExtendAsync(market, rental, RentalTerm.OfHours(RentalHours.From(10))));

        Assert.InRange(extended.Charged.Value, 300_000, 300_100); // Ten hours and moments owed, ten ahead.
        Assert.Equal(RentalStatus.Active, extended.Rental.Status);
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, rental.NodeId)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Grace_ends_after_three_days_with_what_was_owed_written_off_and_the_slices_free()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("1.5");
        Rental rental = await market.RentedAsync(market.Request(renter, await market.PublishAsync(slices: 1), hours: 100));
        await market.Replica.Get<SetAutoRenew>().Execute(renter, rental.Id, rental.PricePerHour, default);
        ExpireRentals expire = market.Replica.Get<ExpireRentals>();

        await market.PassAsync(TimeSpan.FromHours(100));
        Assert.Equal(1, await expire.Execute(default));
        await market.PassAsync(TimeSpan.FromHours(171.9));
        Assert.Equal(0, await expire.Execute(default));
        AccountId other = await market.AccountAsync("1");
        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(other, rental.NodeId)));
        await market.PassAsync(TimeSpan.FromHours(172));
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(other, rental.NodeId))); // Before the pass runs.

        Assert.Equal(
            "Expired GraceEnded 1080000",
            await market.ScalarAsync<string>($"SELECT status || ' ' || end_reason || ' ' || written_off FROM rentals WHERE id = '{rental.Id}'"));
        Assert.Equal(["RentalStarted", "RentalAutoRenewSet", "RentalEnteredGrace", "RentalExpired"], await TimelineAsync(market, rental));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_rental_in_grace_renews_itself_once_the_money_is_there()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("1.5");
        Rental rental = await market.RentedAsync(market.Request(renter, await market.PublishAsync(), hours: 100));
        await market.Replica.Get<SetAutoRenew>().Execute(renter, rental.Id, rental.PricePerHour, default);
        await market.PassAsync(TimeSpan.FromHours(100));
        await market.Replica.Get<ExpireRentals>().Execute(default);
        await market.Replica.Get<DepositFunds>().Execute(Domain.Audit.Actor.Command, renter, MicroUsd.Parse("5"), market.NewKey(), default);

        await market.PassAsync(TimeSpan.FromHours(101.1));
        Assert.Equal(1, await market.Replica.Get<RenewRentals>().Execute(default));

        Assert.Equal("Active", await market.ScalarAsync<string>("SELECT status::text FROM rentals"));
        Assert.Equal(["Term", "Grace", "Renewal"], await market.RowsAsync("SELECT kind FROM rental_segments ORDER BY number", row => row.GetString(0)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Fifty_callers_extend_cancel_and_renew_one_rental_over_two_replicas_with_exact_money()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("1000"), await market.PublishAsync(), hours: 40));
        await market.Replica.Get<SetAutoRenew>().Execute(rental.RenterId, rental.Id, rental.PricePerHour, default);
        await market.PassAsync(TimeSpan.FromHours(21));

        object[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => CallAsync(number))));

        Assert.Single(answers.OfType<RentalCancelled>());
        Assert.All(
            answers.Where(answer => answer is not (int or RentalCancelled or RentalExtended)), answer => Assert.IsType<RentalAlreadyEnded>(answer));
        long charged = answers.OfType<RentalExtended>().Sum(extended => extended.Charged.Value) + answers.OfType<int>().Sum() * 600_000L;
        Assert.Equal(rental.Paid.Value + charged, await market.ScalarAsync<long>("SELECT paid FROM rentals"));
        Assert.Equal(
            MicroUsd.From(1_000_000_000 - rental.Paid.Value - charged + answers.OfType<RentalCancelled>().Single().Refund.Value),
            await market.BalanceAsync(rental.RenterId));
        await market.CheckAsync();

        async Task<object> CallAsync(int number)
        {
            Replica replica = number % 2 == 0 ? market.Replica : other;
            if (number % 5 == 0)
                return await replica.Get<RenewRentals>().Execute(default);
            if (number % 5 == 1 && number > 25)
                return await replica.Get<CancelRental>().Execute(rental.RenterId, rental.Id, null, market.NewKey(), isPartner: false, default);
            return await ExtendAsync(market, rental, replica: replica);
        }
    }
}
