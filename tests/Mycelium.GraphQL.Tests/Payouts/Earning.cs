using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Payouts;

/// <summary>Accounts that have earned something without waiting for a month to end.</summary>
internal static class Earning
{
    /// <summary>
    /// What settling a month would leave behind. No operation may do that before the month is over, so triggers are off for it, which only the database's owner
    /// can do.
    /// </summary>
    public static async Task EarnAsync(this ApiHost host, Guid account, decimal dollars)
    {
        long amount = (long)(dollars * 1_000_000);
        Guid received = Guid.NewGuid(), settled = Guid.NewGuid();
        await using NpgsqlConnection connection = await host.Database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await RunAsync(connection, "SET LOCAL session_replication_role = replica");
        await RunAsync(
            connection,
            "INSERT INTO ledger_entries (id, kind, subject_id, number) VALUES ($1, 'Deposit', NULL, 1), ($2, 'EarningsSettlement', $3, 200001)",
            received, settled, account);
        // What rentals would have brought comes from outside, so that all money still adds up.
        foreach ((Guid entry, string to, long part) in ((Guid, string, long)[])
            [(received, "earnings_account($2)", amount), (settled, "earnings_account($2)", -amount), (settled, "$2", amount)])
        {
            await RunAsync(
                connection,
                $"""
                INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
                SELECT $1, {to}, $3, 1 + coalesce(max(sequence), 0), $3 + coalesce((array_agg(balance_after ORDER BY sequence DESC))[1], 0)
                FROM ledger_postings WHERE account_id = {to} AND sequence IS NOT NULL
                """,
                entry, account, part);
        }
        await RunAsync(
            connection, "INSERT INTO ledger_postings (entry_id, account_id, amount) VALUES ($1, '00000000-0000-0000-0000-000000000001', $2)",
            received, -amount);
        await transaction.CommitAsync();
    }

    /// <summary>The ID of a withdrawal of two dollars that waits for an operator.</summary>
    public static async Task<string> RequestedWithdrawalAsync(this ApiHost host, Guid account)
    {
        await host.EarnAsync(account, 2);
        var id = Guid.CreateVersion7();
        await host.SqlAsync("SELECT request_withdrawal($1, $2, 2000000)", id, account);
        return GlobalId.Encode("Withdrawal", id);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (object parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteNonQueryAsync();
    }
}
