using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Names;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Infrastructure.Tests.Provisioning;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Names that are paid by the hour, activation by the hour, and low balances, in PostgreSQL with its clock stopped.</summary>
public sealed class NameTests
{
    private static readonly DateTimeOffset hour = new DateTimeOffset(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(9);

    private static Task<int> StopClockAsync(TestMarket market, DateTimeOffset at) => market.SqlAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE
        AS 'SELECT ''{at.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00''::timestamptz'
        """));

    private static async Task CheckAsync(TestMarket market)
    {
        await market.CheckAsync();
        Assert.Equal(0, await market.ScalarAsync<long>("SELECT coalesce(sum(abs(posted - counted)), 0)::bigint FROM reconcile()"));
    }

    private static async Task<ReservedName> ReserveAsync(TestMarket market, Rental rental, string name = "web-1") => Assert.IsType<NameReserved>(
        await market.Replica.Get<ReserveName>().Execute(rental.RenterId, "main", name, rental.Id, market.NewKey(), default)).Name;

    private static Task<List<string>> StatesAsync(TestMarket market) =>
        market.RowsAsync("SELECT status || ' ' || paid FROM reserved_names ORDER BY id", row => row.GetString(0));

    /// <summary>A renter of a rental that waits for its machine, with this much left.</summary>
    private static async Task<Rental> RentAsync(TestMarket market, long microUsdLeft, RentalBilling billing = RentalBilling.Prepaid)
    {
        AccountId renter = await market.AccountAsync();
        long paid = billing == RentalBilling.Prepaid ? 15_000 : 0;
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, renter, MicroUsd.From(microUsdLeft + paid), market.NewKey(), default);
        return await market.RentedAsync(market.Request(renter, await market.PublishAsync(), hours: 1) with { Billing = billing });
    }

    [Fact]
    public async Task A_name_is_paid_by_the_hour_waits_in_grace_returns_and_is_released_at_the_end_of_grace()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        await StopClockAsync(market, hour.AddMinutes(-30));
        Rental rental = await RentAsync(market, 700);
        ReservedName name = await ReserveAsync(market, rental); // 125 for half an hour, and 575 are left.
        await CheckAsync(market);
        MeterRentals meter = market.Replica.Get<MeterRentals>();

        await StopClockAsync(market, hour.AddHours(1));
        await meter.Execute(default);
        Assert.Equal(["Active 625"], await StatesAsync(market));
        await CheckAsync(market);
        await StopClockAsync(market, hour.AddHours(2));
        await meter.Execute(default);
        Assert.Equal(["Grace 625"], await StatesAsync(market));
        Assert.Equal(1, await market.ScalarAsync<long>("SELECT count(*) FROM notifications WHERE kind = 'NameExpiring' AND subject = 'web-1'"));
        Assert.True(await market.ScalarAsync<bool>("SELECT account_owes($1)", rental.RenterId.Value));

        await StopClockAsync(market, hour.AddHours(2.5));
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, rental.RenterId, MicroUsd.From(175), market.NewKey(), default);
        await meter.Execute(default);
        Assert.Equal(["Active 875"], await StatesAsync(market)); // Half an hour that was owed, and the rest of the hour.
        Assert.Equal(MicroUsd.Zero, await market.BalanceAsync(rental.RenterId));
        await CheckAsync(market);

        await StopClockAsync(market, hour.AddHours(3));
        await meter.Execute(default);
        DateTimeOffset graceEnd = await market.ScalarAsync<DateTime>("SELECT grace_ends_at FROM reserved_names");
        Assert.Equal(hour.AddHours(6.5), graceEnd); // As long as it was paid for.
        await StopClockAsync(market, graceEnd.AddMicroseconds(-1));
        await meter.Execute(default);
        Assert.Equal(["Grace 875"], await StatesAsync(market));
        await StopClockAsync(market, graceEnd);
        await meter.Execute(default);
        Assert.Equal(["Released 875"], await StatesAsync(market));
        Assert.IsType<NameNotFound>(await market.Replica.Get<PointName>().Execute(rental.RenterId, name.Id, rental.Id, default));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_wallets_rentals_and_names_share_one_entry_for_the_hour()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        await StopClockAsync(market, hour.AddMinutes(-10));
        Rental rental = await RentAsync(market, 100_000, RentalBilling.Metered);
        await ReserveAsync(market, rental, "web-1");
        await ReserveAsync(market, rental, "web-2");
        await market.Replica.Get<ActivateRental>().Execute(rental.Id, default);
        Assert.Equal(("Active", 2_500), await market.ScalarAsync<string>("SELECT status FROM rentals") is var status
            ? (status, await market.ScalarAsync<long>("SELECT paid::bigint FROM rentals")) : default);

        await StopClockAsync(market, hour);
        Assert.Equal((1, 0), await market.Replica.Get<MeterRentals>().Execute(default));

        Assert.Equal(1, await market.ScalarAsync<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'MeteredCharge'"));
        Assert.Equal(MicroUsd.From(100_000 - 2_500 - 15_000 - 2 * 41 - 2 * 250), await market.BalanceAsync(rental.RenterId));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_metered_rental_that_cannot_pay_when_its_machine_is_ready_waits_in_grace()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        await StopClockAsync(market, hour);
        Rental rental = await RentAsync(market, 15_000, RentalBilling.Metered);
        await ReserveAsync(market, rental); // 250 are missing now.
        await CheckAsync(market);

        await market.Replica.Get<ActivateRental>().Execute(rental.Id, default);
        Assert.Equal("Grace", await rig.StatusAsync(rental));
        await CheckAsync(market);
        await StopClockAsync(market, hour.AddMinutes(30));
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, rental.RenterId, MicroUsd.From(250), market.NewKey(), default);
        Assert.Equal((0, 1), await market.Replica.Get<MeterRentals>().Execute(default));

        Assert.Equal("Active", await rig.StatusAsync(rental));
        Assert.Equal(MicroUsd.Zero, await market.BalanceAsync(rental.RenterId));
        await CheckAsync(market);
    }

    [Fact]
    public async Task Routes_are_kept_as_wanted_through_failures_and_an_old_order_does_not_undo_a_new_one()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        Rental rental = await RentAsync(market, 100_000);
        ReservedName name = await ReserveAsync(market, rental);
        KeepRoutes keep = market.Replica.Get<KeepRoutes>();
        rig.Faults.Add(new Fault { Path = "/provisioner/routes", Status = 503 });

        Assert.Equal(0, await keep.Execute(default));
        Assert.Equal(1, await market.ScalarAsync<long>("SELECT count(*) FROM reserved_names WHERE route_done = 0 AND route_problem IS NOT NULL"));
        rig.Faults.Clear();
        await market.SqlAsync("UPDATE reserved_names SET route_next_at = market_now()");
        Assert.Equal(1, await keep.Execute(default));
        Assert.Equal(0, await keep.Execute(default));

        Assert.IsType<NameReleased>(await market.Replica.Get<ReleaseName>().Execute(rental.RenterId, name.Id, default));
        ReservedName next = await ReserveAsync(market, rental);
        Assert.Equal(2, await keep.Execute(default)); // In any order: the newer version wins.
        await market.SqlAsync("UPDATE reserved_names SET route_done = 0, route_next_at = market_now() WHERE id = $1", name.Id.Value);
        Assert.Equal(1, await keep.Execute(default)); // A deletion that arrives late.
        Assert.True(next.RouteVersion > name.RouteVersion);
    }

    [Fact]
    public async Task A_low_balance_is_told_once_and_again_only_after_it_had_recovered()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await StopClockAsync(market, hour);
        AccountId renter = await market.AccountAsync("0.5"); // 33 hours.
        await market.RentedAsync(market.Request(renter, await market.PublishAsync(), hours: 1) with { Billing = RentalBilling.Metered });
        WarnLowBalances warn = market.Replica.Get<WarnLowBalances>();
        MeterRentals meter = market.Replica.Get<MeterRentals>();

        Assert.Equal(0, await warn.WarnAsync(default));
        await StopClockAsync(market, hour.AddHours(12));
        await meter.Execute(default);
        Assert.Equal(1, (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => warn.WarnAsync(default))))).Sum());
        await StopClockAsync(market, hour.AddHours(13));
        await meter.Execute(default);
        Assert.Equal(0, await warn.WarnAsync(default));

        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, renter, MicroUsd.Parse("0.5"), market.NewKey(), default);
        Assert.Equal(0, await warn.WarnAsync(default));
        await StopClockAsync(market, hour.AddHours(50));
        await meter.Execute(default);
        Assert.Equal(1, await warn.WarnAsync(default));

        Assert.Equal(2, await market.ScalarAsync<long>("SELECT count(*) FROM notifications WHERE kind = 'LowBalance'"));
        await CheckAsync(market);
    }

    [Fact]
    public async Task A_name_that_is_released_at_this_moment_is_not_pointed()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        await StopClockAsync(market, hour);
        Rental rental = await RentAsync(market, 250);
        Rental next = await market.RentedAsync(market.Request(await FundedAsync(market, rental.RenterId, 15_000), rental.NodeId, hours: 1));
        ReservedName name = await ReserveAsync(market, rental);
        MeterRentals meter = market.Replica.Get<MeterRentals>();
        await StopClockAsync(market, hour.AddHours(1));
        await meter.Execute(default);
        Assert.Equal(["Grace 250"], await StatesAsync(market));
        await StopClockAsync(market, hour.AddHours(3));

        Task<IPointNameResult> pointing;
        await using (var connection = await market.Replica.Owner.OpenConnectionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText =
                """
                BEGIN;
                UPDATE reserved_names
                SET status = 'Released', released_at = grace_ends_at, release_reason = 'GraceEnded', grace_ends_at = NULL, rental_id = NULL
                """;
            await command.ExecuteNonQueryAsync();
            pointing = Task.Run(() => market.Replica.Get<PointName>().Execute(rental.RenterId, name.Id, next.Id, default));
            await Eventually.HoldsAsync(
                () => market.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"), "a wait for the name");
            command.CommandText = "COMMIT";
            await command.ExecuteNonQueryAsync();
        }

        Assert.IsType<NameNotFound>(await pointing);
        Assert.Equal(["Released 250"], await StatesAsync(market));
    }

    [Fact]
    public async Task A_name_whose_wallet_is_locked_keeps_no_other_waiting()
    {
        await using Rig rig = await Rig.StartAsync();
        TestMarket market = rig.Market;
        await StopClockAsync(market, hour);
        Rental rental = await RentAsync(market, 250);
        await ReserveAsync(market, rental);
        await StopClockAsync(market, hour.AddMilliseconds(1));
        AccountId second = await FundedAsync(market, await market.AccountAsync(), 15_250);
        await ReserveAsync(market, await market.RentedAsync(market.Request(second, rental.NodeId, hours: 1)), "web-2");
        MeterRentals meter = market.Replica.Get<MeterRentals>();
        await StopClockAsync(market, hour.AddHours(1));
        await meter.Execute(default);
        Assert.All(await StatesAsync(market), state => Assert.StartsWith("Grace", state, StringComparison.Ordinal));
        await FundedAsync(market, rental.RenterId, 1_000);
        await FundedAsync(market, second, 1_000);

        await using (var connection = await market.Replica.Owner.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT FROM ledger_accounts WHERE id = '{rental.RenterId}' FOR NO KEY UPDATE";
            await command.ExecuteNonQueryAsync();
            await meter.Execute(default);
        }

        Assert.Equal(["Grace", "Active"], (await StatesAsync(market)).Select(state => state.Split(' ')[0]));
        await CheckAsync(market);
    }

    private static async Task<AccountId> FundedAsync(TestMarket market, AccountId account, long microUsd)
    {
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.From(microUsd), market.NewKey(), default);
        return account;
    }
}
