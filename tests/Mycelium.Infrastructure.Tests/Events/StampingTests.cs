using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

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

        Task<long>[] stampers = [.. Enumerable.Range(0, Stampers).Select(_ => Task.Run(() => StampUntilAsync(market, writing.Token)))];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(market, renters[writer], new NodeId(writer + 1)))));
        await writing.CancelAsync();
        long stamped = (await Task.WhenAll(stampers)).Sum();

        long written = await market.ScalarAsync<long>("SELECT count(*) FROM events");
        stamped += await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(100000)");
        Assert.Equal(written, stamped);
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting"));
        // What happened to one node is told in its order.
        Assert.Equal(0L, await market.ScalarAsync<long>(
            """
            SELECT count(*) FROM (
                SELECT (state ->> 'version')::bigint AS version, lag((state ->> 'version')::bigint) OVER (PARTITION BY node_id ORDER BY seq) AS before
                FROM event_numbers JOIN events ON id = event_id WHERE kind = 'NODE') AS told WHERE before >= version
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
        await using (Npgsql.NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync())
        {
            await using Npgsql.NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            await using (var write = new Npgsql.NpgsqlCommand("UPDATE nodes SET version = version + 1 WHERE id = 1", connection))
                await write.ExecuteNonQueryAsync(); // Its event has the lower id,
            await market.SqlAsync("UPDATE nodes SET version = version + 1 WHERE id = 2"); // and this one commits first.
            Assert.Equal(1, await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(1000)"));
            await transaction.CommitAsync();
        }

        Assert.Equal(1, await market.ScalarAsync<int>("SELECT stamped FROM stamp_events(1000)"));
        long[] nodes = await market.ScalarAsync<long[]>("SELECT array_agg(node_id ORDER BY seq DESC) FROM (SELECT * FROM event_numbers JOIN events ON id = event_id ORDER BY seq DESC LIMIT 2) AS latest");
        Assert.Equal([slow.Value, quick.Value], nodes);
    }

    [Fact]
    public async Task Old_events_are_forgotten_from_the_low_end_and_the_range_says_so()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        for (int id = 1; id <= 4; id++)
            await market.PublishAsync(id);
        await market.SqlAsync("SELECT stamp_events(1000)");
        await market.SqlAsync("UPDATE events SET created_at = now() - interval '25 hours' FROM event_numbers WHERE id = event_id AND (seq <= 5 OR seq = 8)");

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

    private static async Task<long> StampUntilAsync(TestMarket market, CancellationToken stop)
    {
        long stamped = 0;
        while (!stop.IsCancellationRequested)
            stamped += await market.ScalarAsync<int>("SELECT coalesce(sum(stamped), 0)::integer FROM stamp_events(7)");
        return stamped;
    }
}
