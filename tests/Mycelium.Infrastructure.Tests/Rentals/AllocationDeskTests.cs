using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

public sealed class AllocationDeskTests
{
    /// <summary>Each replica believes that every turn is its own: the database alone keeps them apart.</summary>
    [Fact]
    public async Task Of_500_callers_at_two_replicas_exactly_100_get_the_100_slices_even_when_turns_are_broken()
    {
        KeyValuePair<string, string?>[] patient = [new("Allocation:WaitMax", "00:01:00")];
        await using TestMarket market = await TestMarket.OpenAsync(settings: patient);
        Replica other = market.AddReplica(settings: patient);
        NodeId node = await market.PublishAsync(slices: 100);
        AccountId[] renters = await market.AccountsAsync(50, "100");
        AllocationDesk[] desks = [market.Replica.Get<AllocationDesk>(), other.Get<AllocationDesk>()];

        IRentSlicesResult[] answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(caller =>
            Task.Run(() => desks[caller % 2].RentAsync(market.Request(renters[caller % 50], node), default))));

        Assert.Equal(100, answers.OfType<SlicesRented>().Select(answer => answer.Rental.Id).Distinct().Count());
        Assert.Equal(400, answers.OfType<NotEnoughSlices>().Count());
        Assert.Equal(100L, await market.ScalarAsync<long>("SELECT count(*) FROM slices"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task One_key_sent_by_100_callers_at_two_replicas_rents_once_and_all_get_that_rental()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        NodeId node = await market.PublishAsync(slices: 100);
        RentRequest request = market.Request(await market.AccountAsync("100"), node);
        AllocationDesk[] desks = [market.Replica.Get<AllocationDesk>(), other.Get<AllocationDesk>()];

        IRentSlicesResult[] answers = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(caller => Task.Run(() => desks[caller % 2].RentAsync(request, default))));

        Assert.Single(answers.Select(answer => Assert.IsType<SlicesRented>(answer).Rental.Id).Distinct());
        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM rentals"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_used_key_is_refused_with_other_input_and_gets_its_first_answer_with_the_same()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        NodeId elsewhere = await market.PublishAsync(id: 2);
        AccountId renter = await market.AccountAsync("100");
        IdempotencyKey key = market.NewKey();
        Rental rental = await market.RentedAsync(market.Request(renter, node, key: key));
        await market.CancelAsync(rental);

        Assert.IsType<IdempotencyKeyReused>(await market.RentAsync(market.Request(renter, node, quantity: 2, key: key)));
        Assert.IsType<IdempotencyKeyReused>(await market.RentAsync(market.Request(renter, elsewhere, key: key)));
        Rental replayed = await market.RentedAsync(market.Request(renter, node, key: key));

        Assert.Equal(rental.Id, replayed.Id);
        Assert.Equal(RentalStatus.Cancelled, replayed.Status);
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(await market.AccountAsync("100"), node, key: key)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_refusal_is_not_stored_under_the_key()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync();
        IdempotencyKey key = market.NewKey();

        InsufficientFunds refusal = Assert.IsType<InsufficientFunds>(await market.RentAsync(market.Request(renter, node, key: key)));
        await market.Replica.Get<DepositFunds>().Execute(Actor.Command, renter, refusal.Missing, market.NewKey(), default);

        Rental rental = await market.RentedAsync(market.Request(renter, node, key: key));
        Assert.Equal(refusal.Required, rental.Paid);
        Assert.Equal(MicroUsd.Zero, await market.BalanceAsync(renter));
        await market.CheckAsync();
    }

    [Fact]
    public async Task The_quote_is_charged_and_without_one_the_current_price()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(price: 15_000);
        AccountId renter = await market.AccountAsync("200");
        RentalWish wish = A.Wish(node.Value, multiplier: 2, quantity: 2, months: 3);
        Quote quote = Quote.For(wish, A.Node(price: 15_000), A.Policy, DateTimeOffset.UtcNow);
        await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(20_000), default);

        Rental quoted = await market.RentedAsync(new RentRequest(renter, wish, A.SshKey, market.NewKey(), quote));
        Rental unquoted = await market.RentedAsync(market.Request(renter, node, quantity: 4, hours: 10));

        Assert.Equal(quote.Total, quoted.Paid); // 4 slices × 0.015 × 2 160 h, 5 % off.
        Assert.Equal(MicroUsd.Parse("123.12"), quote.Total);
        Assert.Equal(MicroUsd.Parse("0.8"), unquoted.Paid);
        await market.CheckAsync();
    }

    [Fact]
    public async Task Every_reason_not_to_rent_is_returned()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        NodeId hidden = await market.DiscoverAsync(id: 2);
        AccountId renter = await market.AccountAsync("100");
        Quote stale = Quote.For(A.Wish(node.Value), A.Node(slices: 4), A.Policy, DateTimeOffset.UtcNow.AddHours(-1));

        Assert.IsType<SliceCombinationNotFound>(await market.RentAsync(market.Request(renter, new NodeId(404))));
        Assert.IsType<SliceCombinationNotFound>(await market.RentAsync(market.Request(renter, node, multiplier: 8)));
        Assert.IsType<NodeUnavailable>(await market.RentAsync(market.Request(renter, hidden)));
        Assert.IsType<NotEnoughSlices>(await market.RentAsync(market.Request(renter, node, quantity: 5)));
        Assert.IsType<InsufficientFunds>(await market.RentAsync(market.Request(await market.AccountAsync(), node)));
        Assert.IsType<InsufficientFunds>(await market.RentAsync(market.Request(new AccountId(Guid.NewGuid()), node)));
        Assert.IsType<QuoteExpired>(await market.RentAsync(market.Request(renter, node, quote: stale)));
        Assert.IsType<QuoteMismatch>(await market.RentAsync(market.Request(renter, node, quantity: 2, quote: stale)));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM rentals"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_caller_whose_rental_cannot_be_written_does_not_fail_the_others()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId node = await market.PublishAsync();
        AccountId[] renters = await market.AccountsAsync(5, "100");
        await market.SqlAsync(
            $"""
            CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sabotage''; END';
            CREATE TRIGGER sabotage BEFORE INSERT ON rentals FOR EACH ROW WHEN (NEW.renter_id = '{renters[2]}') EXECUTE FUNCTION sabotage();
            """);

        Task<IRentSlicesResult>[] answers = [.. renters.Select(renter => market.RentAsync(market.Request(renter, node)))];
        turns.Open(); // All five are waiting by now and are served together.

        await Assert.ThrowsAsync<PostgresException>(() => answers[2]);
        foreach (Task<IRentSlicesResult> answer in answers.Where((_, index) => index != 2))
            Assert.IsType<SlicesRented>(await answer);
        Assert.Equal(MicroUsd.Parse("100"), await market.BalanceAsync(renters[2]));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_locked_node_is_contended_and_delays_no_other_node()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Postgres:LockTimeout", "00:00:00.2")]);
        NodeId node = await market.PublishAsync();
        NodeId free = await market.PublishAsync(id: 2);
        AccountId renter = await market.AccountAsync("100");
        await using (NpgsqlConnection stranger = await market.Replica.Owner.OpenConnectionAsync())
        {
            await using NpgsqlTransaction transaction = await stranger.BeginTransactionAsync();
            await using (var keep = new NpgsqlCommand("SELECT FROM nodes WHERE id = 1 FOR UPDATE", stranger))
                await keep.ExecuteNonQueryAsync();

            Assert.IsType<NodeContended>(await market.RentAsync(market.Request(renter, node)));
            Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, free)));
        }

        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, node)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_caller_at_a_busy_node_or_a_full_queue_is_refused_as_contended()
    {
        var clock = new TestClock();
        var busy = new GatedTurns { Answer = NodeTurn.Busy };
        await using TestMarket market = await TestMarket.OpenAsync(
            services => services.AddSingleton<INodeTurns>(busy).AddSingleton<TimeProvider>(clock), [new("Allocation:QueueMax", "2")]);
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");

        Task<IRentSlicesResult>[] waiting = [.. Enumerable.Range(0, 2).Select(_ => market.RentAsync(market.Request(renter, node)))];
        Assert.IsType<NodeContended>(await market.RentAsync(market.Request(renter, node)));
        Assert.All(waiting, answer => Assert.False(answer.IsCompleted));
        busy.Open();
        clock.Advance(new AllocationOptions().WaitMax / 2);

        Assert.All(await Task.WhenAll(waiting), answer => Assert.IsType<NodeContended>(answer));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM rentals"));
    }

    [Fact]
    public async Task A_caller_whose_time_is_over_is_refused_then_and_not_when_its_turn_comes()
    {
        var clock = new TestClock();
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns).AddSingleton<TimeProvider>(clock));
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        TimeSpan waitMax = new AllocationOptions().WaitMax;

        Task<IRentSlicesResult> waiting = market.RentAsync(market.Request(renter, node));
        clock.Advance(waitMax - TimeSpan.FromTicks(1));
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.IsType<NodeContended>(await waiting);
        turns.Open();
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(renter, node)));
        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM rentals"));
    }

    [Fact]
    public async Task Without_turns_the_database_alone_is_enough()
    {
        var degraded = new GatedTurns { Answer = NodeTurn.Degraded };
        degraded.Open();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(degraded));
        NodeId node = await market.PublishAsync();

        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(await market.AccountAsync("100"), node)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_caller_who_leaves_the_queue_is_not_served()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        using var leaving = new CancellationTokenSource();

        Task<IRentSlicesResult> left = market.Replica.Get<AllocationDesk>().RentAsync(market.Request(renter, node), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        turns.Open();
        await market.RentedAsync(market.Request(renter, node));

        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM rentals"));
    }

    [Fact]
    public async Task A_database_that_is_down_is_reported_as_retryable()
    {
        await using var replica = new Replica($"Host=127.0.0.1;Port={FreePort.Next()};Username=mycelium;Database=none");
        var request = new RentRequest(A.Renter, A.Wish(), A.SshKey, IdempotencyKey.Parse("key-00000001"));

        StoreUnavailableException failure = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => replica.Get<AllocationDesk>().RentAsync(request, default));

        Assert.True(failure.IsRetryable);
    }

    [Fact]
    public async Task Slices_are_numbered_and_the_lowest_free_ones_are_taken()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 6);
        AccountId renter = await market.AccountAsync("100");
        Rental first = await market.RentedAsync(market.Request(renter, node, multiplier: 2));
        await market.RentedAsync(market.Request(renter, node));
        await market.CancelAsync(first);

        Rental third = await market.RentedAsync(market.Request(renter, node, multiplier: 1, quantity: 3));

        int[] held = await market.ScalarAsync<int[]>("SELECT array_agg(slice_index ORDER BY slice_index) FROM slices WHERE rental_id = $1", third.Id.Value);
        Assert.Equal([0, 1, 3], held);
    }

    [Fact]
    public async Task Several_rentals_of_one_wallet_in_a_round_are_posted_in_order_of_arrival()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId[] nodes = [await market.PublishAsync(id: 1), await market.PublishAsync(id: 2), await market.PublishAsync(id: 3)];
        AccountId renter = await market.AccountAsync("100");
        Task<IRentSlicesResult> first = market.RentAsync(market.Request(renter, nodes[2]));
        await turns.RequestedAsync();

        Task<IRentSlicesResult>[] others = [market.RentAsync(market.Request(renter, nodes[1])), market.RentAsync(market.Request(renter, nodes[0])),
            market.RentAsync(market.Request(renter, nodes[1]))];
        turns.Open();
        await first;
        await Task.WhenAll(others);

        await market.CheckAsync();
        long[] chain = await market.ScalarAsync<long[]>(
            "SELECT array_agg(sequence ORDER BY balance_after DESC) FROM ledger_postings WHERE account_id = $1", renter.Value);
        Assert.Equal([1, 2, 3, 4, 5], chain);
    }
}
