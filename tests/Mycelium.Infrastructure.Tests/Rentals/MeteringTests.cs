using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Rentals that are paid by the hour, in PostgreSQL with its clock stopped.</summary>
public sealed class MeteringTests
{
    private static readonly TimeSpan tick = TimeSpan.FromMicroseconds(1); // PostgreSQL's.
    private static readonly MicroUsd price = MicroUsd.From(15_000);

    /// <summary>A full hour soon, with more than a day before its month ends.</summary>
    private static readonly DateTimeOffset hour = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(9);

    private static Task<int> StopClockAsync(TestMarket market, DateTimeOffset at) => market.SqlAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
        AS 'SELECT ''{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00''::timestamptz'
        """));

    private static async Task<Rental> RentAsync(TestMarket market, AccountId renter, NodeId node, MicroUsd? limit = null, int quantity = 1) =>
        await market.RentedAsync(market.Request(renter, node, quantity: quantity, hours: 1) with { Billing = RentalBilling.Metered, SpendingLimit = limit });

    private static Task<(int Wallets, int Resumed)> MeterAsync(TestMarket market, int replica = 0) =>
        market.Replicas[replica].Get<MeterRentals>().Execute(default);

    private static Task<IDepositFundsResult> DepositAsync(TestMarket market, AccountId account, string dollars) =>
        market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.Parse(dollars), market.NewKey(), default);

    private static Task<List<(string Status, DateTimeOffset EndsAt, long Paid)>> RentalsAsync(TestMarket market) => market.RowsAsync(
        "SELECT status::text, ends_at, paid::bigint FROM rentals ORDER BY id",
            row => (row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2)));

    private static async Task CheckAsync(TestMarket market)
    {
        await market.CheckAsync();
        Assert.Equal(0, await market.ScalarAsync<long>("SELECT coalesce(sum(abs(posted - counted)), 0)::bigint FROM reconcile()"));
    }

    private static Task<List<string>> TimelineAsync(TestMarket market, Rental rental) =>
        market.RowsAsync($"SELECT reason::text FROM rental_timeline WHERE rental_id = '{rental.Id}' ORDER BY version", row => row.GetString(0));

    [Fact]
    public async Task The_rest_of_the_hour_is_paid_at_once_and_each_full_hour_when_it_begins_and_not_a_tick_before()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour.AddMinutes(-20));
        Rental rental = await RentAsync(market, renter, await market.PublishAsync());
        Assert.Equal((hour, MicroUsd.From(5_000)), (rental.EndsAt, rental.Paid));
        await CheckAsync(market);

        await StopClockAsync(market, hour - tick);
        Assert.Equal((0, 0), await MeterAsync(market));
        await StopClockAsync(market, hour);
        Assert.Equal((1, 0), await MeterAsync(market));
        Assert.Equal((0, 0), await MeterAsync(market));
        await StopClockAsync(market, hour + tick);
        Assert.Equal((0, 0), await MeterAsync(market));

        Assert.Equal([("Active", hour.AddHours(1), 20_000)], await RentalsAsync(market));
        Assert.Equal(MicroUsd.Parse("10") - MicroUsd.From(20_000), await market.BalanceAsync(renter));
        Assert.Equal(0, await market.Replica.Get<ExpireRentals>().Execute(default));
        Assert.Equal(["RentalStarted"], await TimelineAsync(market, rental));
        Assert.Equal(1, await market.ScalarAsync<long>("SELECT count(*) FROM events WHERE kind = 'RENTAL'"));
        Assert.Equal(
            (long)(hour - DateTimeOffset.UnixEpoch).TotalHours,
            await market.ScalarAsync<long>("SELECT number FROM ledger_entries WHERE kind = 'MeteredCharge'"));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Hours_that_nobody_billed_are_caught_up_with_one_entry_each_and_a_row_for_each_day()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        DateTimeOffset evening = hour.AddHours(12); // 21:00
        await StopClockAsync(market, evening.AddMinutes(-30));
        NodeId node = await market.PublishAsync();
        Rental rental = await RentAsync(market, renter, node);
        await RentAsync(market, renter, node, quantity: 2);

        await StopClockAsync(market, evening.AddHours(4.5)); // 01:30
        Assert.Equal((1, 0), await MeterAsync(market));

        Assert.Equal(5, await market.ScalarAsync<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'MeteredCharge'"));
        Assert.Equal(MicroUsd.Parse("10") - MicroUsd.From(22_500 + 5 * 45_000), await market.BalanceAsync(renter));
        IReadOnlyList<MeteredDay> days = (await market.Replica.Get<RentalHistory>().MeteredDaysAsync([rental.Id], default))[rental.Id];
        Assert.Equal([(3.5, 52_500), (2, 30_000)], days.Select(day => (day.Hours, day.Slices.Value)));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_pass_that_was_off_for_days_catches_up_in_several_transactions()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour);
        await RentAsync(market, renter, await market.PublishAsync());

        await StopClockAsync(market, hour.AddHours(60));
        Assert.Equal((1, 0), await MeterAsync(market));

        Assert.Equal([("Active", hour.AddHours(61), 61 * 15_000)], await RentalsAsync(market));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Passes_of_several_replicas_at_once_bill_an_hour_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        market.AddReplica();
        AccountId[] renters = await market.AccountsAsync(20, "1");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync(slices: 20);
        foreach (AccountId renter in renters)
            await RentAsync(market, renter, node);

        await StopClockAsync(market, hour.AddHours(3));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(index => Task.Run(() => MeterAsync(market, index % 2))));
        await MeterAsync(market); // What one of them had locked.

        Assert.All(await RentalsAsync(market), rental => Assert.Equal(("Active", hour.AddHours(4), 60_000), rental));
        Assert.Equal(60, await market.ScalarAsync<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'MeteredCharge'"));
        await CheckAsync(market);
    }

    [Fact]
    public async Task What_the_balance_does_not_pay_waits_in_grace_oldest_paid_first_and_returns_when_money_has_come()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("0.15");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        await RentAsync(market, renter, node);
        await StopClockAsync(market, hour.AddMilliseconds(1)); // Which is older shows in the id.
        Rental big = await RentAsync(market, renter, node, quantity: 5);
        await StopClockAsync(market, hour.AddMilliseconds(2));
        await RentAsync(market, renter, node);
        Assert.Equal(MicroUsd.From(45_002), await market.BalanceAsync(renter)); // Parts of an hour are rounded down.

        await StopClockAsync(market, hour.AddHours(1));
        Assert.Equal((1, 0), await MeterAsync(market));
        Assert.Equal(["Active", "Grace", "Active"], (await RentalsAsync(market)).Select(rental => rental.Status));
        Assert.Equal(MicroUsd.From(15_002), await market.BalanceAsync(renter));
        Assert.IsType<AccountOwes>(await market.RentAsync(market.Request(renter, node, hours: 1)));
        Assert.Equal(1, await market.ScalarAsync<long>("SELECT count(*) FROM notifications WHERE kind = 'RentalInGrace'"));
        await CheckAsync(market);

        await StopClockAsync(market, hour.AddHours(1.5));
        await DepositAsync(market, renter, "1");
        Assert.Equal((0, 1), await MeterAsync(market));
        Assert.Equal((0, 0), await MeterAsync(market));

        // Half an hour that was owed, and the rest of the hour.
        Assert.Equal(MicroUsd.From(1_015_002 - 75_000), await market.BalanceAsync(renter));
        Assert.Equal(
            [("Active", hour.AddHours(2), 30_000), ("Active", hour.AddHours(2), 149_999), ("Active", hour.AddHours(2), 29_999)], await RentalsAsync(market));
        Assert.Equal(["RentalStarted", "RentalEnteredGrace", "RentalResumed"], await TimelineAsync(market, big));
        await CheckAsync(market);

        await StopClockAsync(market, hour.AddHours(2));
        Assert.Equal((1, 0), await MeterAsync(market));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Grace_lasts_as_long_as_was_paid_for_and_what_is_owed_is_written_off()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("0.03");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        Rental rental = await RentAsync(market, renter, node);
        await StopClockAsync(market, hour.AddHours(1));
        await MeterAsync(market);
        await StopClockAsync(market, hour.AddHours(2));
        await MeterAsync(market);

        await StopClockAsync(market, hour.AddHours(4) - tick);
        Assert.Equal(0, await market.Replica.Get<ExpireRentals>().Execute(default));
        await StopClockAsync(market, hour.AddHours(4));
        Assert.Equal((0, 0), await MeterAsync(market));
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));

        Assert.Equal(30_000, await market.ScalarAsync<long>("SELECT written_off FROM rentals"));
        Assert.Equal(MicroUsd.From(30_000), await market.EarningsAsync(market.Farmer));
        Assert.Equal(["RentalStarted", "RentalEnteredGrace", "RentalExpired"], await TimelineAsync(market, rental));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_spending_limit_stops_the_next_hour_and_a_higher_one_lets_the_rental_return()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        Assert.IsType<InvalidBilling>(await market.RentAsync(
            market.Request(renter, node, hours: 1) with { Billing = RentalBilling.Metered, SpendingLimit = price - MicroUsd.From(1) }));
        Rental rental = await RentAsync(market, renter, node, limit: price + price);
        await StopClockAsync(market, hour.AddHours(2));
        await MeterAsync(market);
        Assert.Equal([("Grace", hour.AddHours(2), 30_000)], await RentalsAsync(market));

        SetSpendingLimit set = market.Replica.Get<SetSpendingLimit>();
        Assert.IsType<SpendingLimitSet>(await set.Execute(renter, rental.Id, MicroUsd.From(44_999), default));
        Assert.Equal((0, 0), await MeterAsync(market));
        Assert.IsType<SpendingLimitSet>(await set.Execute(renter, rental.Id, MicroUsd.From(45_000), default));
        Assert.Equal((0, 1), await MeterAsync(market));

        Assert.Equal([("Active", hour.AddHours(3), 45_000)], await RentalsAsync(market));
        Assert.IsType<RentalNotFound>(await set.Execute(await market.AccountAsync(), rental.Id, null, default));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Extras_are_billed_once_with_the_next_hour_count_towards_the_limit_and_go_to_the_platform()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour);
        Rental rental = await RentAsync(market, renter, await market.PublishAsync(), limit: MicroUsd.From(100_000));
        await market.SqlAsync(
            $"""
            INSERT INTO machines (rental_id, node_id, slice_total, image, ssh_public_key, version, state, tries, claim, created_at, deadline_at,
                next_try_at, used_cores,
                used_memory_bytes, used_ssd_bytes, public_ip_count, public_ip_hours, traffic_gib)
            VALUES ('{rental.Id}', {rental.NodeId.Value}, 1, 'debian-13', 'key', 1, 'Creating', 0, 0, now(), now(), now(), 0, 0, 0, 1, 2, 10)
            """);

        await StopClockAsync(market, hour.AddHours(1));
        await MeterAsync(market);
        Assert.Equal(MicroUsd.From(10_000_000 - 15_000 - 15_000 - 2 * 4_000 - 10 * 1_500), await market.BalanceAsync(renter));
        await CheckAsync(market);

        await market.SqlAsync("UPDATE machines SET public_ip_hours = 3, traffic_gib = 4"); // A meter that went back.
        await StopClockAsync(market, hour.AddHours(2));
        await MeterAsync(market);
        MeteredDay day = Assert.Single((await market.Replica.Get<RentalHistory>().MeteredDaysAsync([rental.Id], default))[rental.Id]);
        Assert.Equal((45_000, 3, 12_000, 10, 15_000), (day.Slices.Value, day.PublicIpHours, day.PublicIps.Value, day.TrafficGib, day.Traffic.Value));
        await CheckAsync(market);

        await market.SqlAsync("UPDATE machines SET traffic_gib = 30"); // 72,000 so far, 15,000 for the hour, and 30,000.
        await StopClockAsync(market, hour.AddHours(3));
        await MeterAsync(market);
        Assert.Equal("Grace", Assert.Single(await RentalsAsync(market)).Status);
        await CheckAsync(market);
    }

    [Fact]
    public async Task Cancelling_gives_back_the_unused_part_of_what_is_paid_and_keeps_at_least_an_hour()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour.AddMinutes(-10));
        NodeId node = await market.PublishAsync();
        Rental early = await RentAsync(market, renter, node);
        Rental late = await RentAsync(market, renter, node);
        await StopClockAsync(market, hour.AddMinutes(5));
        await MeterAsync(market);

        Assert.Equal(MicroUsd.From(2_500), Assert.IsType<RentalCancelled>(await market.CancelAsync(early)).Refund); // 70 minutes were paid, an hour is kept.
        await StopClockAsync(market, hour.AddHours(1).AddMinutes(30));
        await MeterAsync(market);
        CancelQuote quote = Assert.IsType<CancelQuoted>(await market.Replica.Get<AskAboutRental>().Cancelling(renter, late.Id, default)).Quote;
        Assert.Equal(MicroUsd.From(7_500), quote.Refund);
        Assert.Equal(MicroUsd.From(7_500), Assert.IsType<RentalCancelled>(await market.CancelAsync(late)).Refund);

        Assert.Equal(MicroUsd.From(10_000_000 - 15_000 - 25_000), await market.BalanceAsync(renter));
        Assert.Equal(MicroUsd.From(40_000), await market.EarningsAsync(market.Farmer));
        await CheckAsync(market);
    }

    [Fact]
    public async Task The_first_hour_is_kept_whole_across_midnight()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        DateTimeOffset midnight = hour.AddHours(15);
        await StopClockAsync(market, midnight.AddMinutes(-10));
        Rental rental = await RentAsync(market, renter, await market.PublishAsync());
        await StopClockAsync(market, midnight.AddMinutes(5));
        await MeterAsync(market);

        Assert.Equal(MicroUsd.From(2_500), Assert.IsType<RentalCancelled>(await market.CancelAsync(rental)).Refund);

        Assert.Equal(MicroUsd.From(10_000_000 - 15_000), await market.BalanceAsync(renter));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_metered_rental_is_neither_extended_renewed_nor_quoted_and_ends_in_grace_without_funds()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("0.015");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        Assert.IsType<InsufficientFunds>(await market.RentAsync(market.Request(renter, node, quantity: 2, hours: 1) with { Billing = RentalBilling.Metered }));
        Rental rental = await RentAsync(market, renter, node);

        Assert.IsType<RentalIsMetered>(await market.Replica.Get<SetAutoRenew>().Execute(renter, rental.Id, rental.PricePerHour, default));
        Assert.IsType<RentalIsMetered>(await market.Replica.Get<AskAboutRental>().Extension(
            renter, rental.Id, Domain.Market.RentalTerm.OfMonths(1), default));
        Assert.IsType<RentalIsMetered>(await market.Replica.Get<ExtendRental>().Execute(
            renter, rental.Id, Domain.Market.RentalTerm.OfMonths(1), null, market.NewKey(), default));
        await StopClockAsync(market, hour.AddMinutes(90));
        await MeterAsync(market);

        Assert.Equal("Grace", Assert.Single(await RentalsAsync(market)).Status);
        Assert.Equal(MicroUsd.Zero, Assert.IsType<RentalCancelled>(await market.CancelAsync(rental)).Refund);
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_wallet_that_another_transaction_holds_is_left_for_the_next_pass_and_delays_no_other()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] renters = await market.AccountsAsync(2, "10");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        Rental held = await RentAsync(market, renters[0], node);
        await RentAsync(market, renters[0], node);
        await RentAsync(market, renters[1], node);
        await StopClockAsync(market, hour.AddHours(1));

        await using (var connection = await market.Replica.Owner.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT FROM rentals WHERE id = '{held.Id}' FOR NO KEY UPDATE";
            await command.ExecuteNonQueryAsync();
            Assert.Equal((1, 0), await MeterAsync(market));
        }

        Assert.Equal((1, 0), await MeterAsync(market));
        Assert.All(await RentalsAsync(market), rental => Assert.Equal(hour.AddHours(2), rental.EndsAt));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Farmers_earn_metered_time_as_it_passes()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour.AddMinutes(-20));
        await RentAsync(market, renter, await market.PublishAsync());
        await StopClockAsync(market, hour.AddHours(15));
        await MeterAsync(market);
        await StopClockAsync(market, hour.AddHours(15.5));

        await market.SqlAsync("SELECT post_earnings(market_now() - interval '30 minutes', 100)");

        Assert.Equal(MicroUsd.From(230_000), await market.EarningsAsync(market.Farmer));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_wallet_counts_what_is_paid_by_the_hour()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("0.75");
        await StopClockAsync(market, hour);
        await RentAsync(market, renter, await market.PublishAsync(), quantity: 2);

        WalletOutlook outlook = (await market.Replica.Get<WalletReader>().OutlooksAsync([renter], default))[renter];

        Assert.Equal(MicroUsd.From(30_000), outlook.Committed);
        Assert.Equal(MicroUsd.Parse("0.72"), outlook.BurnPerDay);
        Assert.Equal(hour.AddHours(25), outlook.RunsOutAt(await market.BalanceAsync(renter)));
    }

    [Fact]
    public async Task Hours_that_are_too_many_for_one_transaction_are_billed_one_by_one()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        await StopClockAsync(market, hour);
        await RentAsync(market, renter, await market.PublishAsync());
        await market.SqlAsync(
            """
            CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (SELECT count(*) > 1 FROM ledger_entries WHERE kind = 'MeteredCharge' AND xmin = pg_current_xact_id()::xid) THEN
                    RAISE EXCEPTION 'canceling statement due to statement timeout' USING ERRCODE = 'query_canceled';
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER take_long AFTER INSERT ON ledger_entries FOR EACH ROW EXECUTE FUNCTION take_long();
            """);

        await StopClockAsync(market, hour.AddHours(5));
        Assert.Equal((1, 0), await MeterAsync(market));

        Assert.Equal([("Active", hour.AddHours(6), 90_000)], await RentalsAsync(market));
        await CheckAsync(market);
    }

    [Fact]
    public async Task What_a_wallet_cannot_pay_keeps_no_other_in_grace()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Allocation:ExpiryBatch", "1")]);
        AccountId poor = await market.AccountAsync("0.02");
        AccountId other = await market.AccountAsync("0.015");
        await StopClockAsync(market, hour);
        NodeId node = await market.PublishAsync();
        await RentAsync(market, poor, node);
        await StopClockAsync(market, hour.AddMilliseconds(1));
        await RentAsync(market, other, node);
        await StopClockAsync(market, hour.AddHours(1));
        await MeterAsync(market);
        Assert.All(await RentalsAsync(market), rental => Assert.Equal("Grace", rental.Status));

        await StopClockAsync(market, hour.AddHours(1).AddMinutes(10)); // The first wallet has what is owed, and not the rest of the hour.
        await DepositAsync(market, other, "1");
        Assert.Equal((0, 1), await MeterAsync(market));

        Assert.Equal(["Grace", "Active"], (await RentalsAsync(market)).Select(rental => rental.Status));
        await CheckAsync(market);
    }
}
