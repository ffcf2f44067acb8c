using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Rentals;

public sealed class RentalEventsTests
{
    private const string ThousandsMore = """
        SET session_replication_role = replica;
        INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
        SELECT gen_random_uuid(), (SELECT renter_id FROM rentals), 1, 1000 + number, 1000000 FROM generate_series(1, 3000) AS number;
        INSERT INTO idempotency_keys SELECT account_id, operation, 'another-' || number, fingerprint, answer
            FROM idempotency_keys, generate_series(1, 3000) AS number;
        INSERT INTO rentals SELECT copy.* FROM rentals, generate_series(1, 3000) AS number, jsonb_populate_record(NULL::rentals,
            to_jsonb(rentals) || jsonb_build_object('id', md5(number::text))) AS copy;
        RESET session_replication_role;
        """;

    [Fact]
    public async Task A_rental_is_an_event_of_its_node_and_one_of_its_own()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId renter = await market.AccountAsync("100");
        long before = await market.ScalarAsync<long>("SELECT max(id) FROM events");

        Rental rental = await market.RentedAsync(market.Request(renter, node, multiplier: 2));

        List<string> events = await market.RowsAsync(
            $"SELECT concat_ws(' ', kind, reason, node_id, rental_id, account_id, previous::jsonb) FROM events WHERE id > {before} ORDER BY id",
            row => row.GetString(0));
        Assert.Equal(
            [
                $"RENTAL RentalStarted 1 {rental.Id} {rental.RenterId}",
                """NODE SlicesRented 1 {"version": 3, "free_slices": 8, "is_sellable": true, "unavailability": null, """
                    + "\"reserved_slices\": 0, \"whole_rental_id\": null, \"allocated_slices\": 0, \"overcommitted_slices\": 0}",
                $"WALLET WalletChanged {renter}",
            ],
            events);
        Assert.Equal(
            ["1 6", "2 3", "4 1", "8 0"],
            await market.RowsAsync("SELECT concat_ws(' ', multiplier, quantity_available) FROM slice_combinations ORDER BY id", row => row.GetString(0)));
        await market.CheckAsync();
    }

    /// <summary>Rows that a rental reads stay few when tables have grown since its session planned: plans are made for keys.</summary>
    [Fact]
    public async Task Rentals_are_written_by_keys_also_by_plans_from_when_the_tables_were_empty()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId renter = await market.AccountAsync("100");
        await market.RentedAsync(market.Request(renter, node));
        await using NpgsqlConnection connection = await market.Replica.Get<KeyedSource>().Connections.OpenConnectionAsync();
        await CountAsync(connection, market, renter, node);

        await market.SqlAsync(ThousandsMore);

        (long rows, string tables) = await CountAsync(connection, market, renter, node);

        Assert.True(rows is > 0 and < 300, tables); // Some hundred; a plan that goes otherwise reads 3,000.
    }

    /// <summary>Writes a rental as the desk does and undoes it; how many rows that read.</summary>
    private static async Task<(long Rows, string Tables)> CountAsync(NpgsqlConnection connection, TestMarket market, AccountId renter, NodeId node)
    {
        RentRequest request = market.Request(renter, node);
        var decisions = new RentDecisions(
            await RentReading.LockAndReadAsync(connection, [request], _ => RentalLimits.None, skipsLocked: true), market.Replica.Get<PricingPolicy>(), A.Rules,
            _ => RentalLimits.None, market.Replica.Get<Provisioners>());
        Assert.IsType<SlicesRented>(decisions.Decide(request));
        await using NpgsqlBatch batch = decisions.Write(new NpgsqlBatch(connection))
            .Then("SET CONSTRAINTS ALL IMMEDIATE")
            .Then("""
                SELECT sum(rows)::bigint, string_agg(relname || ' ' || rows, ', ')
                FROM (SELECT relname, seq_tup_read + coalesce(idx_tup_fetch, 0) AS rows FROM pg_stat_xact_user_tables) AS tables WHERE rows > 0
                """)
            .Then("ROLLBACK");
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetInt64(0), reader.GetString(1));
    }
}
