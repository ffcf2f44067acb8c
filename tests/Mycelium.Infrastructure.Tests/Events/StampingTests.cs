using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Events;

public sealed class StampingTests
{
    private const int Writers = 16;
    private const int Stampers = 3;

    [Fact]
    public async Task Events_of_16_writers_get_dense_numbers_from_3_stampers_and_none_is_lost()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        for (int id = 1; id <= Writers; id++)
            await market.PublishAsync(id, slices: 20);
        AccountId[] renters = await market.AccountsAsync(Writers, "1000");
        using var writing = new CancellationTokenSource();

        Task[] stampers = [.. Enumerable.Range(0, Stampers).Select(_ => Task.Run(() => StampUntilAsync(market, writing.Token)))];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(market, renters[writer], new NodeId(writer + 1)))));
        await writing.CancelAsync();
        await Task.WhenAll(stampers);

        await market.SqlAsync("SELECT stamp_events(100000)");
        long written = await market.ScalarAsync<long>("SELECT count(*) FROM events");
        Assert.Equal(written, await market.ScalarAsync<long>("SELECT count(DISTINCT event_id) FROM event_numbers"));
        Assert.Equal(written, await market.ScalarAsync<long>("SELECT last_seq FROM event_counter"));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting"));
        // Changes of one node are reported in order.
        Assert.Equal(0L, await market.ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT (state::json ->> 'version')::bigint AS version,
                    lag((state::json ->> 'version')::bigint) OVER (PARTITION BY node_id ORDER BY seq) AS before
                FROM event_numbers JOIN events ON id = event_id WHERE kind = 'NODE') AS numbered WHERE before >= version
            """));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_stamper_leaves_what_is_not_committed_for_later_and_gives_it_a_higher_number()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId slow = await market.PublishAsync(id: 1);
        NodeId quick = await market.PublishAsync(id: 2);
        await market.SqlAsync("SELECT stamp_events(1000)");
        await using (Npgsql.NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync())
        {
            await using Npgsql.NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (var write = new Npgsql.NpgsqlCommand(
                "UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = 1", connection))
                await write.ExecuteNonQueryAsync(); // Its event has the lower id,
            await market.SqlAsync("UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = 2"); // and this one commits first.
            Assert.Equal(1, await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(1000)"));
            await transaction.CommitAsync();
        }

        Assert.Equal(1, await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(1000)"));
        long[] nodes = await market.ScalarAsync<long[]>(
            "SELECT array_agg(node_id ORDER BY seq DESC) FROM (SELECT * FROM event_numbers JOIN events ON id = event_id ORDER BY seq DESC LIMIT 2) AS latest");
        Assert.Equal([slow.Value, quick.Value], nodes);
    }

    [Fact]
    public async Task Rentals_number_their_events_in_their_own_transaction()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        Assert.NotEqual(0L, await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting")); // Of others, from before.

        await market.RentedAsync(market.Request(renter, node));

        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting"));
        string[] latest = await market.ScalarAsync<string[]>("""
            SELECT array_agg(kind::text ORDER BY seq DESC) FROM event_numbers JOIN events ON id = event_id WHERE seq > (SELECT last_seq - 3 FROM event_counter)
            """);
        Assert.Equal(["WALLET", "NODE", "RENTAL"], latest);
        await Testing.Invariants.HoldAsync(market.ConnectionString);
    }

    [Theory]
    [InlineData("SELECT pg_advisory_xact_lock(7301977001)")] // As who numbers does,
    [InlineData("SELECT FROM event_counter FOR NO KEY UPDATE")] // and who deletes what is old.
    public async Task Renting_leaves_its_events_to_the_stamper_while_another_transaction_holds_the_numbers(string hold)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        await market.SqlAsync("SELECT stamp_events(1000)");
        await using (Npgsql.NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync())
        {
            await using Npgsql.NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (var held = new Npgsql.NpgsqlCommand(hold, connection))
                await held.ExecuteNonQueryAsync();

            await market.RentedAsync(market.Request(renter, node));
            Assert.Equal(3L, await market.ScalarAsync<long>("SELECT sum(cardinality(event_ids)) FROM events_waiting"));
        }

        Assert.Equal(3, await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(1000)"));
        await Testing.Invariants.HoldAsync(market.ConnectionString);
    }

    [Fact]
    public async Task Renting_waits_briefly_for_a_transaction_that_numbers_and_then_numbers_its_own_events()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        await market.SqlAsync("SELECT stamp_events(1000)");
        await market.SqlAsync("ALTER FUNCTION wait_to_number() SET lock_timeout = '1min'"); // A moment that no busy machine can miss.
        await using Npgsql.NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync();
        await using Npgsql.NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("SELECT pg_advisory_xact_lock(7301977001)", connection))
            await hold.ExecuteNonQueryAsync();

        Task renting = market.RentedAsync(market.Request(renter, node));
        await Eventually.HoldsAsync(
            () => market.ScalarAsync<bool>("""
                SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database AS here ON here.oid = database
                    WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted)
                """),
            "the rental waits for the numbers");
        await transaction.CommitAsync();
        await renting;

        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting"));
        Assert.Equal(2L, await market.ScalarAsync<long>("SELECT count(*) FROM event_numbers WHERE seq > (SELECT last_seq - 2 FROM event_counter)"));
        await Testing.Invariants.HoldAsync(market.ConnectionString);
    }

    [Fact]
    public async Task Old_events_are_deleted_from_the_low_end_and_the_range_shows_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        for (int id = 1; id <= 4; id++)
            await market.PublishAsync(id);
        await market.SqlAsync("SELECT stamp_events(1000)");
        await market.MoveTimeAsync(
            "UPDATE events SET created_at = now() - interval '25 hours' FROM event_numbers WHERE id = event_id AND (seq <= 5 OR seq = 8)");

        Assert.Equal(3, await market.ScalarAsync<int>("SELECT forget_events(now() - interval '24 hours', 3)"));
        Assert.Equal(2, await market.ScalarAsync<int>("SELECT forget_events(now() - interval '24 hours', 1000)"));
        Assert.Equal(0, await market.ScalarAsync<int>("SELECT forget_events(now() - interval '24 hours', 1000)"));

        Assert.Equal(6L, await market.ScalarAsync<long>("SELECT first_seq FROM event_counter"));
        await Testing.Invariants.HoldAsync(market.ConnectionString);
    }

    private static async Task WriteAsync(TestMarket market, AccountId renter, NodeId node)
    {
        for (int round = 0; round < 10; round++)
            await market.CancelAsync(await market.RentedAsync(market.Request(renter, node)));
    }

    private static async Task StampUntilAsync(TestMarket market, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
            await market.SqlAsync("SELECT stamp_events(7)");
    }
}
