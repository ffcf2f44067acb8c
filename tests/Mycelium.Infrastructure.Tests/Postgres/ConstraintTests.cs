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
    [InlineData("UPDATE nodes SET allocated_slices = -1", "nodes_allocated_slices_check")]
    [InlineData("UPDATE nodes SET farmer_id = NULL", null)]
    [InlineData("INSERT INTO slices SELECT node_id, slice_index, rental_id FROM slices", "slices_pkey")]
    [InlineData("INSERT INTO slices SELECT 2, 7, rental_id FROM slices LIMIT 1", "slices_rental_id_node_id_fkey")]
    [InlineData("DELETE FROM rentals WHERE status = 'Active'", "slices_rental_id_node_id_fkey")]
    [InlineData("UPDATE rentals SET status = 'Active', ended_at = NULL, end_reason = NULL WHERE status = 'Cancelled'", "rentals_end_once")]
    [InlineData("UPDATE rentals SET status = 'Expired' WHERE status = 'Active'", null)]
    [InlineData("UPDATE rentals SET refunded = paid + 1 WHERE status = 'Active'", "rentals_check1")]
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
            SELECT start_rentals(ARRAY[1], ARRAY[0], jsonb_agg(to_jsonb(rental) || jsonb_build_object('id', gen_random_uuid())), '{}', '{}', '{}', '{}', '{}', 1000)
            FROM rentals AS rental WHERE status = 'Active'
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
