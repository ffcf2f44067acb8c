using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Billing;

/// <summary>A farmer who ends a rental owes its renter a tenth of what comes back.</summary>
public sealed class PenaltyTests
{
    private static async Task<RentalWithdrawn> EndAsync(TestMarket market, Rental rental, bool byOperator = false) => Assert.IsType<RentalWithdrawn>(
        await market.Replica.Get<EndRental>().Execute(byOperator ? await market.AccountAsync() : market.Farmer, byOperator, rental.Id, "Because.", default));

    private static Task<MicroUsd> PaidAsync(TestMarket market, Rental rental) =>
        MicroUsdAsync(market, $"SELECT paid FROM penalties WHERE rental_id = '{rental.Id}'");

    private static async Task<MicroUsd> MicroUsdAsync(TestMarket market, string sql) => MicroUsd.From(await market.ScalarAsync<long>(sql));

    private static Task<MicroUsd> DebtAsync(TestMarket market) => MicroUsdAsync(market, $"SELECT debt_of('{market.Farmer}')");

    /// <summary>Ten days of which four are over when it ends: 3.60 paid, 2.16 come back.</summary>
    private static async Task<Rental> RentedAsync(TestMarket market, AccountId renter, long node = 1) =>
        await market.RentedAsync(market.Request(renter, new NodeId(node), hours: 240));

    private static async Task CheckAsync(TestMarket market)
    {
        await market.CheckAsync();
        Assert.Equal(MicroUsd.Zero, (await market.Replica.Get<Reconcile>().Execute(default)).Difference);
    }

    [Fact]
    public async Task It_comes_from_earnings_that_are_not_settled()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.PublishAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await RentedAsync(market, renter);
        await market.PassAsync(TimeSpan.FromHours(96));

        RentalWithdrawn ended = await EndAsync(market, rental);

        Assert.Equal(ended.Refund.Value / 10, ended.Penalty.Value);
        Assert.Equal(MicroUsd.Parse("10") - rental.Paid + ended.Refund + ended.Penalty, await market.BalanceAsync(renter));
        Assert.Equal(rental.Paid - ended.Refund - ended.Penalty, await market.EarningsAsync(market.Farmer));
        Assert.Equal(ended.Penalty, await PaidAsync(market, rental));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Then_from_the_wallet_and_what_is_missing_waits_for_money_of_the_platform()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Rentals:FeeBasisPoints", "5000")]);
        await market.PublishAsync();
        await market.PublishAsync(2);
        AccountId renter = await market.AccountAsync("100");
        Rental first = await RentedAsync(market, renter);
        Rental second = await RentedAsync(market, renter, node: 2);
        MicroUsd wallet = MicroUsd.Parse("0.10");
        await market.Replica.Get<DepositFunds>().Execute(Domain.Audit.Actor.Command, market.Farmer, wallet, market.NewKey(), default);

        RentalWithdrawn ended = await EndAsync(market, first); // At once: next to nothing was earned.
        MicroUsd paid = await PaidAsync(market, first);

        Assert.InRange(paid.Value, wallet.Value, wallet.Value + 1_000);
        Assert.Equal((MicroUsd.Zero, MicroUsd.Zero), (await market.BalanceAsync(market.Farmer), await market.EarningsAsync(market.Farmer)));
        Assert.Equal(ended.Penalty - paid, await MicroUsdAsync(market, $"SELECT unpaid_penalties_of('{market.Farmer}')"));
        Assert.Equal(MicroUsd.Zero, await DebtAsync(market));

        await market.PassAsync(TimeSpan.FromHours(240));
        await market.Replica.Get<ExpireRentals>().Execute(default); // The second rental pays 1.80 to each, farmer and platform.
        await market.Replica.Get<PayPenalties>().Execute(default);

        Assert.Equal(ended.Penalty, await PaidAsync(market, first)); // From earnings: there are enough by now.
        Assert.Equal(second.Paid.Value / 2 - (ended.Penalty - paid).Value, (await market.EarningsAsync(market.Farmer)).Value, tolerance: 1_000);
        await CheckAsync(market);
    }

    [Fact]
    public async Task The_platform_advances_what_it_has_and_the_farmer_owes_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Rentals:FeeBasisPoints", "10000")]);
        await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        Rental earning = await market.RentedAsync(market.Request(renter, new NodeId(1), hours: 10)); // 0.15, all of it the platform's.
        Rental rental = await RentedAsync(market, renter);
        RentalWithdrawn ended = await EndAsync(market, rental);
        Assert.Equal(MicroUsd.Zero, await PaidAsync(market, rental));

        await market.Replica.Get<PayPenalties>().Execute(default);
        Assert.InRange((await PaidAsync(market, rental)).Value, 0, 1_000); // The platform has earned nothing yet.
        await market.PassAsync(TimeSpan.FromHours(10));
        await market.Replica.Get<ExpireRentals>().Execute(default);
        foreach (int _ in Enumerable.Range(0, 3)) // It is not advanced twice.
            await market.Replica.Get<PayPenalties>().Execute(default);

        MicroUsd advanced = await DebtAsync(market);
        Assert.InRange(advanced.Value, earning.Paid.Value, earning.Paid.Value + 1_000);
        Assert.Equal(advanced, await PaidAsync(market, rental));
        Assert.True(advanced < ended.Penalty);
        await CheckAsync(market);

        await market.Replica.Get<DepositFunds>().Execute(Domain.Audit.Actor.Command, market.Farmer, MicroUsd.Parse("5"), market.NewKey(), default);
        await market.Replica.Get<PayPenalties>().Execute(default);

        Assert.Equal((MicroUsd.Zero, ended.Penalty), (await DebtAsync(market), await PaidAsync(market, rental)));
        Assert.Equal(MicroUsd.Parse("5") - ended.Penalty, await market.BalanceAsync(market.Farmer));
        await CheckAsync(market);
    }

    [Fact]
    public async Task What_an_operator_ends_the_platform_pays()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.PublishAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await RentedAsync(market, renter);

        RentalWithdrawn ended = await EndAsync(market, rental, byOperator: true);

        Assert.Equal(MicroUsd.Parse("10") - rental.Paid + ended.Refund + ended.Penalty, await market.BalanceAsync(renter));
        Assert.Equal(rental.Paid - ended.Refund, await market.EarningsAsync(market.Farmer));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Nobody_pays_a_penalty_to_oneself_or_one_that_was_not_promised()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.PublishAsync();
        await market.Replica.Get<DepositFunds>().Execute(Domain.Audit.Actor.Command, market.Farmer, MicroUsd.Parse("10"), market.NewKey(), default);
        Assert.Equal(MicroUsd.Zero, (await EndAsync(market, await RentedAsync(market, market.Farmer))).Penalty);

        await using TestMarket without = await TestMarket.OpenAsync(settings: [new("Rentals:PenaltyBasisPoints", "0")]);
        await without.PublishAsync();
        Rental rental = await RentedAsync(without, await without.AccountAsync("10"));
        Assert.Equal(MicroUsd.Zero, (await EndAsync(without, rental)).Penalty);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => without.SqlAsync("SELECT impose_penalty($1, 5)", rental.Id.Value));
        Assert.Equal("penalties_follow_rentals", refused.ConstraintName);
        Assert.Equal(0L, await without.ScalarAsync<long>("SELECT count(*) FROM penalties"));
    }

    [Fact]
    public async Task A_farmer_who_owes_a_penalty_withdraws_less()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.PublishAsync();
        Rental rental = await RentedAsync(market, await market.AccountAsync("10"));

        RentalWithdrawn ended = await EndAsync(market, rental);

        Assert.Equal(ended.Penalty - await PaidAsync(market, rental), await MicroUsdAsync(market, $"SELECT unpaid_penalties_of('{market.Farmer}')"));
        Assert.Equal(0L, await market.ScalarAsync<long>($"SELECT withdrawable_of('{market.Farmer}')"));
    }
}
