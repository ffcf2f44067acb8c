using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary><c>start_rentals</c> writes itself what triggers write for everybody else, so both are held against each other here.</summary>
public sealed class RentalEventsTests
{
    /// <summary>The rental that is there, written once more by plain statements: all triggers fire.</summary>
    private const string OnceMore = """
        UPDATE nodes SET allocated_slices = allocated_slices + 2, version = version + 1;
        INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', gen_random_uuid())) AS copy;
        INSERT INTO ledger_entries (id, kind, rental_id) SELECT gen_random_uuid(), 'RentalCharge', id FROM rentals WHERE id NOT IN (SELECT rental_id FROM ledger_entries WHERE rental_id IS NOT NULL);
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT unpaid.id, model.account_id, model.amount
        FROM ledger_entries AS unpaid, ledger_entries AS paid JOIN ledger_postings AS model ON model.entry_id = paid.id
        WHERE unpaid.id NOT IN (SELECT entry_id FROM ledger_postings) AND paid.kind = 'RentalCharge' AND paid.id <> unpaid.id;
        """;

    /// <summary>An event without what must differ between two rentals in a row: ids, counts, versions and balances stay as the steps from before to after.</summary>
    private const string Comparable = """
        SELECT concat_ws(' ', kind, reason, node_id, rental_id IS NULL, account_id, farmer_id,
            state::jsonb - ARRAY['id', 'allocated_slices', 'free_slices', 'version', 'balance', 'sequence', 'rental_id'],
            (SELECT jsonb_object_agg(key, value::text::bigint - (state::jsonb ->> key)::bigint) FROM jsonb_each(previous::jsonb)),
            (SELECT string_agg(key, ',' ORDER BY key) FROM jsonb_object_keys(state::jsonb) AS key))
        FROM events WHERE reason IN ('SlicesRented', 'RentalStarted', 'RentalCharged') ORDER BY id
        """;

    /// <summary>One more rental like the one that is there, as the desk writes it; and how many rows were read for it.</summary>
    private const string StartAndCount = """
        BEGIN;
        SELECT start_rentals(
            '{1}', ARRAY[(SELECT version FROM nodes WHERE id = 1)], '{1}', '{1}', ARRAY[$1], ARRAY[last.sequence], ARRAY[last.balance_after],
            '{00000000-0000-7000-8000-000000000001}', ARRAY[$1], '{1}', '{1}', '{1}', '{15000}', '{1}', '{0}', '{15000}', now(), ARRAY[now() + interval '1 hour'], '{key}', '{told}',
            '{00000000-0000-7000-8000-000000000002}', ARRAY[last.sequence + 1], ARRAY[last.balance_after - 15000], '{00000000-0000-7000-8000-000000000001}', 1000)
        FROM (SELECT sequence, balance_after FROM ledger_postings WHERE account_id = $1 AND sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS last;
        SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_xact_user_tables;
        ROLLBACK;
        """;

    private const string ThousandsMore = """
        WITH entry AS (INSERT INTO ledger_entries (id, kind) SELECT gen_random_uuid(), 'Deposit' FROM generate_series(1, 3000) RETURNING id)
        INSERT INTO ledger_postings (entry_id, account_id, amount)
        SELECT id, (SELECT renter_id FROM rentals), 1 FROM entry UNION ALL SELECT id, '00000000-0000-0000-0000-000000000001', -1 FROM entry;
        INSERT INTO idempotency_keys SELECT account_id, operation, 'another-' || number, fingerprint, answer FROM idempotency_keys, generate_series(1, 3000) AS number;
        INSERT INTO rentals SELECT copy.* FROM rentals, generate_series(1, 3000) AS number, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', md5(number::text))) AS copy;
        SELECT stamp_events(100000);
        """;

    private const string Market = "SELECT concat_ws(' ', multiplier, quantity_available, (SELECT free_slices FROM nodes) / multiplier) FROM slice_combinations ORDER BY id";

    [Fact]
    public async Task A_rental_is_told_as_the_triggers_would_tell_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId renter = await market.AccountAsync("100");
        await market.RentedAsync(market.Request(renter, node, multiplier: 2));

        await market.SqlAsync(OnceMore);

        List<string> told = await ReadAsync(market, Comparable);
        Assert.Equal(["NODE", "RENTAL", "WALLET", "NODE", "RENTAL", "WALLET"], told.Select(line => line.Split(' ')[0]));
        Assert.Equal(told[3..], told[..3]);
        Assert.Equal(["1 4 4", "2 2 2", "4 1 1", "8 0 0"], await ReadAsync(market, Market));
    }

    [Fact]
    public async Task Who_rented_in_a_session_is_told_by_the_triggers_of_what_else_is_written_there()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        await market.RentedAsync(market.Request(await market.AccountAsync("100"), node));
        await using NpgsqlConnection connection = await market.Replica.Get<KeyedSource>().Connections.OpenConnectionAsync();
        long before = await market.ScalarAsync<long>("SELECT count(*) FROM events");

        await using (var write = new NpgsqlCommand("UPDATE nodes SET version = version + 1", connection))
            await write.ExecuteNonQueryAsync();

        Assert.Equal(before + 1, await market.ScalarAsync<long>("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task Rentals_are_written_by_keys_also_by_plans_from_when_the_tables_were_empty()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId renter = await market.AccountAsync("100");
        Rental rental = await market.RentedAsync(market.Request(renter, node));
        await using NpgsqlConnection connection = await market.Replica.Get<KeyedSource>().Connections.OpenConnectionAsync();
        await CountAsync(connection, rental);

        await market.SqlAsync(ThousandsMore);

        Assert.InRange(await CountAsync(connection, rental), 1, 300); // Some sixty, and as many of the call before; a plan that goes otherwise reads 3,000.
    }

    private static async Task<List<string>> ReadAsync(TestMarket market, string sql)
    {
        await using NpgsqlCommand command = market.Replica.Database.CreateCommand(sql);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return lines;
    }

    private static async Task<long> CountAsync(NpgsqlConnection connection, Rental rental)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (string statement in StartAndCount.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var command = new NpgsqlBatchCommand(statement);
            if (statement.Contains("$1", StringComparison.Ordinal))
                command.Parameters.Add(new NpgsqlParameter { Value = rental.RenterId.Value });
            batch.BatchCommands.Add(command);
        }
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.NextResultAsync();
        await reader.ReadAsync();
        return reader.GetInt64(0);
    }
}
