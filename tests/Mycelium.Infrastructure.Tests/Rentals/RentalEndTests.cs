using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Market;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

public sealed class RentalEndTests
{
    private static string EndsAt(string instant) =>
        $"UPDATE rentals SET starts_at = instant - hours * interval '1 hour', ends_at = instant FROM (SELECT {instant} AS instant) AS moved";

    [Fact]
    public async Task Cancelling_gives_back_the_slices_and_the_unused_money_to_the_microdollar()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await market.RentedAsync(market.Request(renter, node, quantity: 3, hours: 100));
        await market.PassAsync(new TimeSpan(33, 20, 0));

        RentalCancelled cancelled = Assert.IsType<RentalCancelled>(await market.CancelAsync(rental));

        Int128 elapsed = (cancelled.Rental.EndedAt!.Value - cancelled.Rental.StartsAt).Ticks;
        long earned = (long)(rental.Paid.Value * elapsed / TimeSpan.FromHours(100).Ticks);
        Assert.Equal(rental.Paid.Value - earned, cancelled.Refund.Value);
        Assert.Equal(MicroUsd.From(earned), await market.EarningsAsync(market.Farmer));
        Assert.Equal(MicroUsd.From(10_000_000 - earned), await market.BalanceAsync(renter));
        Assert.Equal(4, await market.ScalarAsync<int>("SELECT free_slices FROM nodes"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Cancelling_again_gets_the_first_answer_by_key_and_a_refusal_without()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync()));
        Rental another = await market.RentedAsync(market.Request(rental.RenterId, rental.NodeId));
        IdempotencyKey key = market.NewKey();

        ICancelRentalResult[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => market.CancelAsync(rental, key))));

        Assert.Single(answers.Select(answer => Assert.IsType<RentalCancelled>(answer).Refund).Distinct());
        Assert.IsType<RentalAlreadyEnded>(await market.CancelAsync(rental));
        Assert.IsType<IdempotencyKeyReused>(await market.CancelAsync(another, key));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Another_accounts_rental_is_not_found()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync()));

        Assert.IsType<RentalNotFound>(
            await market.Replica.Get<CancelRental>().Execute(await market.AccountAsync(), rental.Id, quote: null, market.NewKey(), isPartner: false, default));
    }

    [Fact]
    public async Task A_rental_expires_at_the_instant_it_ends_and_not_before()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await market.RentedAsync(market.Request(renter, await market.PublishAsync(slices: 1), hours: 10));
        ExpireRentals expire = market.Replica.Get<ExpireRentals>();

        await market.MoveTimeAsync(EndsAt("clock_timestamp() + interval '10 minutes'"));
        Assert.Equal(0, await expire.Execute(default));
        await market.MoveTimeAsync(EndsAt("clock_timestamp()"));
        Assert.IsType<RentalAlreadyEnded>(await market.CancelAsync(rental));
        Assert.Equal(1, await expire.Execute(default));
        Assert.Equal(0, await expire.Execute(default));

        Assert.Equal("Expired", await market.ScalarAsync<string>("SELECT status FROM rentals WHERE ended_at = ends_at"));
        Assert.Equal(rental.Paid, await market.EarningsAsync(market.Farmer));
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, rental.NodeId)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Rentals_that_end_together_end_once_each_whichever_replica_ends_them()
    {
        KeyValuePair<string, string?>[] small = [new("Allocation:ExpiryBatch", "7")];
        await using TestMarket market = await TestMarket.OpenAsync(settings: small);
        Replica other = market.AddReplica(settings: small);
        AccountId[] renters = await market.AccountsAsync(5, "100");
        for (int id = 1; id <= 4; id++)
        {
            NodeId node = await market.PublishAsync(id, slices: 10);
            await Task.WhenAll(Enumerable.Range(0, 10).Select(index => market.RentedAsync(market.Request(renters[index % 5], node))));
        }
        await market.PassAsync(TimeSpan.FromDays(2));

        int[] ended = await Task.WhenAll(
            new[] { market.Replica, other, market.Replica }.Select(replica => Task.Run(() => replica.Get<ExpireRentals>().Execute(default))));

        Assert.Equal(40, ended.Sum() + await market.Replica.Get<ExpireRentals>().Execute(default));
        Assert.Equal(40L, await market.ScalarAsync<long>("SELECT count(*) FROM events WHERE reason = 'RentalExpired'"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Slices_are_free_at_the_instant_a_term_ends_whenever_the_next_pass_runs()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 2);
        AccountId[] renters = await market.AccountsAsync(3, "100");
        await market.RentedAsync(market.Request(renters[0], node, hours: 720));
        await market.RentedAsync(market.Request(renters[1], node, hours: 721));

        await market.PassAsync(TimeSpan.FromHours(719));
        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(renters[2], node)));
        Assert.IsType<NotEnoughSlices>(await QuoteAsync());
        await market.PassAsync(TimeSpan.FromHours(720));
        Assert.IsType<RentalQuoted>(await QuoteAsync());
        await market.RentedAsync(market.Request(renters[2], node));
        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(renters[2], node)));

        Assert.Equal(["Active", "Active", "Expired"], (await market.RowsAsync("SELECT status::text FROM rentals", row => row.GetString(0))).Order());
        await market.CheckAsync();

        Task<IRentalQuoteResult> QuoteAsync() => market.Replica.Get<AskQuote>().Execute(A.Wish(node.Value), holder: null, default);
    }

    [Fact]
    public async Task A_crowd_of_many_nodes_gets_what_ran_out_and_each_slice_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] renters = await market.AccountsAsync(12, "100");
        var nodes = new List<NodeId>();
        for (int id = 1; id <= 6; id++)
        {
            nodes.Add(await market.PublishAsync(id, slices: 1));
            await market.RentedAsync(market.Request(renters[id - 1], nodes[^1], hours: id <= 3 ? 10 : 1_000));
        }
        await market.PassAsync(TimeSpan.FromHours(11));

        IRentSlicesResult[] answers = await Task.WhenAll(
            renters.Select((renter, index) => market.RentAsync(market.Request(renter, nodes[index % 6], hours: 1))));

        Assert.Equal(3, answers.Count(answer => answer is SlicesRented));
        Assert.Equal(9, answers.Count(answer => answer is NotEnoughSlices));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_due_rental_that_cannot_be_ended_costs_a_caller_no_more_than_the_refusal()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental stuck = await market.RentedAsync(market.Request(await market.AccountAsync("10"), await market.PublishAsync(slices: 1), hours: 1));
        await market.SqlAsync(
            """
            CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
            CREATE TRIGGER refuse_one BEFORE UPDATE ON rentals FOR EACH ROW EXECUTE FUNCTION refuse_one();
            """);
        await market.PassAsync(TimeSpan.FromHours(2));

        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(stuck.RenterId, stuck.NodeId)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_farmer_who_rents_at_home_is_paid_and_refunded()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, market.Farmer, MicroUsd.Parse("10"), market.NewKey(), default);
        Rental rental = await market.RentedAsync(market.Request(market.Farmer, node));

        Assert.IsType<RentalCancelled>(await market.CancelAsync(rental));

        Assert.Equal(
            (MicroUsd.Parse("9.985"), MicroUsd.Parse("0.015")),
            (await market.BalanceAsync(market.Farmer), await market.EarningsAsync(market.Farmer))); // The first hour is earned.
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_rental_that_cannot_be_ended_holds_up_no_other()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] renters = await market.AccountsAsync(3, "100");
        var rentals = new List<Rental>();
        for (int id = 1; id <= 3; id++)
            rentals.Add(await market.RentedAsync(market.Request(renters[id - 1], await market.PublishAsync(id))));
        await market.PassAsync(TimeSpan.FromDays(2));
        await market.SqlAsync(
            $"""
            CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
            CREATE TRIGGER refuse_one BEFORE UPDATE ON rentals FOR EACH ROW WHEN (OLD.id = '{rentals[0].Id}') EXECUTE FUNCTION refuse_one();
            """);
        await using NpgsqlConnection other = await market.Replica.Owner.OpenConnectionAsync();
        await using (NpgsqlTransaction held = await other.BeginTransactionAsync())
        {
            await using (var keep = new NpgsqlCommand($"SELECT FROM ledger_accounts WHERE id = '{renters[1]}' FOR UPDATE", other))
                await keep.ExecuteNonQueryAsync();

            Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));
        }

        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default)); // The one whose wallet was kept.
        await market.SqlAsync("DROP TRIGGER refuse_one ON rentals");
        Assert.Equal(1, await market.Replica.Get<ExpireRentals>().Execute(default));
        await market.CheckAsync();
    }
}
