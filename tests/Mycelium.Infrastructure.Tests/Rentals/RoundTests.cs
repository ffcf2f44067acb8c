using Microsoft.Extensions.DependencyInjection;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Callers of many nodes in one transaction. Rentals of one transaction have the same <c>xmin</c>.</summary>
public sealed class RoundTests
{
    /// <summary>One round after the other, so that a test knows which callers are in which round.</summary>
    private static readonly KeyValuePair<string, string?>[] oneAtATime = [new("Allocation:RoundsAtOnce", "1")];

    [Fact]
    public async Task Earlier_keys_are_looked_up_one_by_one_even_by_a_plan_made_for_an_empty_table()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await using NpgsqlConnection connection = await market.Replica.Get<KeyedSource>().Connections.OpenConnectionAsync();
        await using (var prepare = new NpgsqlCommand($"PREPARE earlier (uuid[], text[], text) AS {RentReading.ReadEarlier}", connection))
            await prepare.ExecuteNonQueryAsync();

        var plan = new List<string>();
        await using (var explain = new NpgsqlCommand("EXPLAIN EXECUTE earlier ('{}', '{}', 'rentSlices')", connection))
        await using (NpgsqlDataReader lines = await explain.ExecuteReaderAsync())
        {
            while (await lines.ReadAsync())
                plan.Add(lines.GetString(0).Trim());
        }

        Assert.Contains("Index Cond: ((account_id = requested.account_id) AND (operation = $3) AND ((key)::text = requested.key))", plan);
    }

    [Fact]
    public async Task Callers_of_many_nodes_rent_in_one_transaction_and_a_refusal_fails_no_other_caller()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns), oneAtATime);
        NodeId[] nodes = await PublishAsync(market, count: 10);
        AccountId[] renters = await market.AccountsAsync(10, "100");
        AccountId poor = await market.AccountAsync();

        Task<IRentSlicesResult> first = market.RentAsync(market.Request(renters[0], nodes[0]));
        await turns.RequestedAsync();
        Task<IRentSlicesResult>[] others = [.. nodes.Skip(1).Select((node, index) => market.RentAsync(market.Request(renters[index + 1], node)))];
        Task<IRentSlicesResult> broke = market.RentAsync(market.Request(poor, nodes[3]));
        Task<IRentSlicesResult> tooMany = market.RentAsync(market.Request(renters[4], nodes[4], quantity: 8));
        Task<IRentSlicesResult> lost = market.RentAsync(market.Request(renters[5], new NodeId(404)));
        turns.Open();

        Assert.IsType<SlicesRented>(await first);
        Assert.All(await Task.WhenAll(others), answer => Assert.IsType<SlicesRented>(answer));
        Assert.IsType<InsufficientFunds>(await broke);
        Assert.IsType<NotEnoughSlices>(await tooMany);
        Assert.IsType<SliceCombinationNotFound>(await lost);
        long[] written = await TransactionsAsync(market);
        Assert.Equal(10, written.Sum());
        Assert.Equal(2, written.Length); // The first alone, then all that waited.
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_second_round_starts_with_half_of_the_crowd_and_a_crowd_that_left_is_forgotten()
    {
        var turns = new StepwiseTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId[] nodes = await PublishAsync(market, count: 10);
        AccountId[] renters = await market.AccountsAsync(10, "100");
        Task<IRentSlicesResult> Come(int place) => market.RentAsync(market.Request(renters[place], nodes[place]));

        // Two arrive one after the other, and four more while both are being served: a crowd.
        List<Task<IRentSlicesResult>> callers = [Come(0)];
        StepwiseTurns.TurnRequest first = await turns.NextAsync();
        callers.Add(Come(1));
        StepwiseTurns.TurnRequest second = await turns.NextAsync();
        Assert.Equal(1, second.OtherRounds);
        callers.AddRange([Come(2), Come(3), Come(4), Come(5)]);
        first.Pass();
        StepwiseTurns.TurnRequest third = await turns.NextAsync();
        Assert.Equal(nodes[2..6], third.Nodes);
        second.Pass();
        third.Pass();
        await Task.WhenAll(callers);

        // The next one is served immediately. One that arrives then waits until that round ends, since more may arrive.
        callers.Add(Come(6));
        StepwiseTurns.TurnRequest alone = await turns.NextAsync();
        callers.Add(Come(7));
        Assert.False(await turns.HasAnotherRequestAsync());
        alone.Pass();
        StepwiseTurns.TurnRequest after = await turns.NextAsync();
        Assert.Equal([nodes[7]], after.Nodes);
        Assert.Equal(0, after.OtherRounds);
        after.Pass();
        await Task.WhenAll(callers);

        // No others arrived for two rounds, so two rounds may run at once again.
        callers.Add(Come(8));
        await turns.NextAsync();
        callers.Add(Come(9));
        Assert.Equal(1, (await turns.NextAsync()).OtherRounds);
    }

    [Fact]
    public async Task A_failing_write_at_one_node_does_not_affect_the_others()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId[] nodes = await PublishAsync(market, count: 5);
        AccountId[] renters = await market.AccountsAsync(5, "100");
        await market.SqlAsync(
            $"""
            CREATE FUNCTION sabotage() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''sabotage''; END';
            CREATE TRIGGER sabotage BEFORE INSERT ON rentals FOR EACH ROW WHEN (NEW.renter_id = '{renters[2]}') EXECUTE FUNCTION sabotage();
            """);

        Task<IRentSlicesResult>[] answers = [.. nodes.Select((node, index) => market.RentAsync(market.Request(renters[index], node)))];
        turns.Open();

        await Assert.ThrowsAsync<PostgresException>(() => answers[2]);
        Assert.All(await Task.WhenAll(answers.Where((_, index) => index != 2)), answer => Assert.IsType<SlicesRented>(answer));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_round_waits_for_neither_a_locked_node_nor_a_locked_wallet()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns));
        NodeId[] nodes = await PublishAsync(market, count: 4);
        AccountId[] renters = await market.AccountsAsync(4, "100");
        await using NpgsqlConnection stranger = await market.Replica.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await stranger.BeginTransactionAsync();
        await using (var keep = new NpgsqlCommand("SELECT FROM nodes WHERE id = 1 FOR UPDATE", stranger))
            await keep.ExecuteNonQueryAsync();
        await using (var keep = new NpgsqlCommand(
            "SELECT FROM ledger_accounts WHERE id = $1 FOR UPDATE", stranger)
        { Parameters = { new() { Value = renters[1].Value } } })
            await keep.ExecuteNonQueryAsync();

        Task<IRentSlicesResult>[] answers = [.. nodes.Select((node, index) => market.RentAsync(market.Request(renters[index], node)))];
        turns.Open();

        Assert.All(await Task.WhenAll(answers[2], answers[3]), answer => Assert.IsType<SlicesRented>(answer));
        Assert.False(answers[0].IsCompleted || answers[1].IsCompleted, "A row that a stranger has locked was changed.");
        await transaction.RollbackAsync();
        Assert.All(await Task.WhenAll(answers), answer => Assert.IsType<SlicesRented>(answer));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Rounds_of_two_replicas_over_the_same_nodes_and_wallets_never_deadlock()
    {
        KeyValuePair<string, string?>[] patient = [new("Allocation:WaitMax", "00:01:00")];
        await using TestMarket market = await TestMarket.OpenAsync(settings: patient);
        AllocationDesk[] desks = [market.Replica.Get<AllocationDesk>(), market.AddReplica(settings: patient).Get<AllocationDesk>()];
        NodeId[] nodes = await PublishAsync(market, count: 12);
        AccountId[] renters = await market.AccountsAsync(6, "100");
        var random = new Random(574);
        (int Desk, RentRequest Request)[] calls =
            [.. Enumerable.Range(0, 300).Select(call => (call % 2, market.Request(renters[random.Next(renters.Length)], nodes[random.Next(nodes.Length)])))];

        IRentSlicesResult[] answers = await Task.WhenAll(calls.Select(call => Task.Run(() => desks[call.Desk].RentAsync(call.Request, default))));

        Assert.All(answers, answer => Assert.True(answer is SlicesRented or NotEnoughSlices, answer.GetType().Name));
        Assert.Equal(12 * 8L, await market.ScalarAsync<long>("SELECT count(*) FROM slices"));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Callers_beyond_a_full_round_are_served_in_the_next()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(services => services.AddSingleton<INodeTurns>(turns), [new("Allocation:RoundMax", "7")]);
        NodeId[] nodes = await PublishAsync(market, count: 5);
        AccountId[] renters = await market.AccountsAsync(5, "100");

        Task<IRentSlicesResult>[] answers = [.. Enumerable.Range(0, 40).Select(call => market.RentAsync(market.Request(renters[call % 5], nodes[call % 5])))];
        turns.Open();

        Assert.All(await Task.WhenAll(answers), answer => Assert.IsType<SlicesRented>(answer));
        Assert.InRange((await TransactionsAsync(market)).Max(), 2, 7);
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_crowd_at_one_node_does_not_hold_up_other_nodes()
    {
        var turns = new GatedTurns();
        await using TestMarket market = await TestMarket.OpenAsync(
            services => services.AddSingleton<INodeTurns>(turns),
            [.. oneAtATime, new("Allocation:BatchMax", "10"), new("Allocation:RoundMax", "15"), new("Allocation:WaitMax", "00:01:00")]);
        NodeId hot = await market.PublishAsync(id: 1, slices: 256);
        NodeId quiet = await market.PublishAsync(id: 2);
        AccountId[] renters = await market.AccountsAsync(10, "100");
        AccountId other = await market.AccountAsync("100");

        Task<IRentSlicesResult>[] crowd = [.. Enumerable.Range(0, 200).Select(call => market.RentAsync(market.Request(renters[call % 10], hot)))];
        Task<IRentSlicesResult> last = market.RentAsync(market.Request(other, quiet));
        turns.Open();

        Assert.IsType<SlicesRented>(await last);
        Assert.All(await Task.WhenAll(crowd), answer => Assert.IsType<SlicesRented>(answer));
        // Transactions are numbered in their order: one of the crowd's was before, or the same one.
        Assert.InRange(await market.ScalarAsync<long>(
            "SELECT count(*) FROM rentals WHERE node_id = 1 AND xmin::text::bigint <= (SELECT xmin::text::bigint FROM rentals WHERE node_id = 2)"), 1, 20);
        await market.CheckAsync();
    }

    private static async Task<NodeId[]> PublishAsync(TestMarket market, int count)
    {
        var nodes = new NodeId[count];
        for (int index = 0; index < count; index++)
            nodes[index] = await market.PublishAsync(id: index + 1);
        return nodes;
    }

    /// <summary>How many rentals each transaction wrote, the smallest first.</summary>
    private static Task<long[]> TransactionsAsync(TestMarket market) =>
        market.ScalarAsync<long[]>("SELECT array_agg(count ORDER BY count) FROM (SELECT count(*) FROM rentals GROUP BY xmin) AS written");
}
