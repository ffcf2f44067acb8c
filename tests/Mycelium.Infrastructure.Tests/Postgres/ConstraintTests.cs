using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>What PostgreSQL refuses whoever writes: each statement stands for a defect that we may one day have.</summary>
public sealed class ConstraintTests
{
    [Theory]
    [InlineData("UPDATE nodes SET allocated_slices = slice_capacity + 1", "nodes_never_overbooked")]
    [InlineData("UPDATE nodes SET allocated_slices = slice_capacity + 1, slice_capacity = slice_capacity - 1", "nodes_never_overbooked")]
    [InlineData("UPDATE nodes SET allocated_slices = -1", "item_count_check")]
    [InlineData("UPDATE nodes SET farmer_id = NULL", "nodes_of_nobody_are_not_for_rent")]
    [InlineData("UPDATE nodes SET price_per_slice = -1", "micro_usd_per_hour_check")]
    [InlineData("UPDATE nodes SET uptime_percent = 101", "percent_check")]
    [InlineData("UPDATE nodes SET status = 'Asleep'", "node_status_check")]
    [InlineData("UPDATE nodes SET is_published = false, allocated_slices = 0, farmer_id = NULL; UPDATE nodes SET allocated_slices = 1", "nodes_never_overbooked")]
    [InlineData("UPDATE nodes SET id = -id WHERE id = 2", "nodes_have_positive_ids")]
    [InlineData("DELETE FROM nodes WHERE id = 2", "nodes_stay")]
    [InlineData("UPDATE slice_combinations SET multiplier = 3", "slice_combinations_have_their_ids")]
    [InlineData("UPDATE events SET kind = 'WEATHER'", "event_kind_check")]
    [InlineData("UPDATE idempotency_keys SET key = 'short'", "idempotency_key_check")]
    [InlineData("UPDATE idempotency_keys SET fingerprint = ''", "sha256_hash_check")]
    [InlineData("INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Gift')", "ledger_entry_kind_check")]
    [InlineData("INSERT INTO slices SELECT node_id, slice_index, rental_id FROM slices", "slices_pkey")]
    [InlineData("INSERT INTO slices SELECT 2, 7, rental_id FROM slices LIMIT 1", "slices_have_their_rental")]
    [InlineData("UPDATE slices SET rental_id = gen_random_uuid()", "slices_are_taken_and_given_back")]
    [InlineData("INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', gen_random_uuid(), 'renter_id', gen_random_uuid())) AS copy LIMIT 1", "rentals_have_their_sides")]
    [InlineData("INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', gen_random_uuid(), 'farmer_id', gen_random_uuid())) AS copy LIMIT 1", "rentals_have_their_sides")]
    [InlineData("INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', gen_random_uuid(), 'node_id', 77)) AS copy LIMIT 1", "rentals_have_their_sides")]
    [InlineData("INSERT INTO rentals SELECT copy.* FROM rentals, jsonb_populate_record(NULL::rentals, to_jsonb(rentals) || jsonb_build_object('id', gen_random_uuid(), 'status', 'Expired')) AS copy LIMIT 1", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET renter_id = farmer_id", "rentals_keep_their_sides")]
    [InlineData("DELETE FROM rentals WHERE status = 'Active'", "rentals_stay")]
    [InlineData("TRUNCATE rentals", "rentals_stay")]
    [InlineData("DELETE FROM accounts", null)]
    [InlineData("UPDATE rentals SET quantity = 0 WHERE status = 'Active'", "positive_count_check")]
    [InlineData("UPDATE rentals SET slice_total = slice_total + 1 WHERE status = 'Active'", "rentals_add_up")]
    [InlineData("UPDATE rentals SET status = 'Cancelled', ended_at = ends_at WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET status = 'Cancelled', end_reason = 'CancelledByRenter' WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET status = 'Expired', ended_at = ends_at, end_reason = 'TermEnded', refunded = 1 WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET status = 'Expired', ended_at = ends_at + interval '1 hour', end_reason = 'TermEnded' WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET ended_at = ends_at WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET status = 'Active', ended_at = NULL, end_reason = NULL WHERE status = 'Cancelled'", "rentals_end_once")]
    [InlineData("UPDATE rentals SET status = 'Expired' WHERE status = 'Active'", "rentals_end_for_a_reason")]
    [InlineData("UPDATE rentals SET refunded = paid + 1 WHERE status = 'Active'", "rentals_add_up")]
    [InlineData("UPDATE ledger_postings SET amount = amount + 1", "ledger_immutable")]
    [InlineData("DELETE FROM ledger_postings", "ledger_immutable")]
    [InlineData("TRUNCATE ledger_postings", "ledger_immutable")]
    [InlineData("UPDATE ledger_entries SET kind = 'Deposit'", "ledger_immutable")]
    [InlineData("INSERT INTO ledger_entries (id, kind, rental_id) SELECT gen_random_uuid(), 'RentalCharge', id FROM rentals LIMIT 1", "ledger_entries_rental_id_kind_key")]
    [InlineData("UPDATE event_counter SET last_seq = -5", null)]
    [InlineData("INSERT INTO event_counter DEFAULT VALUES", "event_counter_pkey")]
    public async Task A_direct_statement_that_breaks_a_promise_is_refused(string sql, string? constraint)
    {
        await using TestMarket market = await StockedAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(sql));

        Assert.StartsWith("23", refusal.SqlState, StringComparison.Ordinal);
        if (constraint is not null)
            Assert.Equal(constraint, refusal.ConstraintName);
        await market.CheckAsync();
    }

    [Fact]
    public async Task An_entry_that_does_not_sum_to_zero_is_refused()
    {
        await using TestMarket market = await StockedAsync();
        AccountId account = await market.AccountAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => PostAsync(market, account, wallet: 5, cash: -4));

        Assert.Equal("ledger_entries_sum_to_zero", refusal.ConstraintName);
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_wallet_never_goes_below_zero_and_nobody_can_invent_a_balance()
    {
        await using TestMarket market = await StockedAsync();
        AccountId account = await market.AccountAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => PostAsync(market, account, wallet: -5, cash: 5));
        Assert.Equal("wallets_never_negative", refusal.ConstraintName);

        await PostAsync(market, account, wallet: 5, cash: -5, claimedBalance: 1_000_000);
        Assert.Equal(5L, await market.ScalarAsync<long>("SELECT wallet_balance($1)", account.Value));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Taking_slices_by_a_row_that_has_changed_takes_nothing()
    {
        await using TestMarket market = await StockedAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(
            """
            SELECT start_rentals('{1}', '{0}', '{1}', '{1}', '{}', '{}', '{}', ARRAY[gen_random_uuid()], ARRAY[id], '{1}', '{1}', '{1}', '{0}', '{1}', '{0}', '{0}', now(),
                ARRAY[now() + interval '1 hour'], '{key}', '{told}', ARRAY[gen_random_uuid()], '{0}', '{0}', ARRAY[gen_random_uuid()], 1000)
            FROM accounts LIMIT 1
            """));

        Assert.Equal("MY001", refusal.SqlState);
        await market.CheckAsync();
    }

    /// <summary>A balance that was read before another posting came is not continued.</summary>
    [Theory]
    [InlineData("sequence - 1", "balance_after")]
    [InlineData("sequence", "balance_after + 1")]
    public async Task Paying_from_a_wallet_that_has_changed_pays_nothing(string sequence, string balance)
    {
        await using TestMarket market = await StockedAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(
            $$"""
            WITH slice AS (SELECT gen_random_uuid() AS rental_id)
            SELECT start_rentals('{1}', ARRAY[nodes.version], '{1}', '{1}', ARRAY[account_id], ARRAY[{{sequence}}], ARRAY[{{balance}}], ARRAY[rental_id], ARRAY[account_id], '{1}', '{1}', '{1}',
                '{15000}', '{1}', '{0}', '{15000}', now(), ARRAY[now() + interval '1 hour'], '{key}', '{told}', ARRAY[gen_random_uuid()], ARRAY[{{sequence}} + 1],
                ARRAY[{{balance}} - 15000], ARRAY[rental_id], 1000)
            FROM nodes, slice, (SELECT * FROM ledger_postings WHERE sequence IS NOT NULL ORDER BY sequence DESC LIMIT 1) AS last WHERE nodes.id = 1
            """));

        Assert.Equal("MY001", refusal.SqlState);
        await market.CheckAsync();
    }

    /// <summary>A node of 4 slices with two active rentals and a cancelled one, and another node.</summary>
    private static async Task<TestMarket> StockedAsync()
    {
        TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 4);
        await market.PublishAsync(id: 2);
        AccountId renter = await market.AccountAsync("10");
        await market.RentedAsync(market.Request(renter, node));
        Rental ended = await market.RentedAsync(market.Request(renter, node));
        await market.CancelAsync(ended);
        await market.RentedAsync(market.Request(renter, node, multiplier: 2));
        return market;
    }

    private static async Task PostAsync(TestMarket market, AccountId account, long wallet, long cash, long? claimedBalance = null)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            """
            WITH entry AS (INSERT INTO ledger_entries (id, kind) VALUES (gen_random_uuid(), 'Deposit') RETURNING id)
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
            SELECT id, @account, @wallet, 99, @claimed FROM entry
            UNION ALL SELECT id, '00000000-0000-0000-0000-000000000001', @cash, NULL, NULL FROM entry
            """,
            connection);
        command.Parameters.AddWithValue("account", account.Value);
        command.Parameters.AddWithValue("wallet", wallet);
        command.Parameters.AddWithValue("cash", cash);
        command.Parameters.AddWithValue("claimed", NpgsqlTypes.NpgsqlDbType.Bigint, claimedBalance ?? 0);
        await command.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }
}
