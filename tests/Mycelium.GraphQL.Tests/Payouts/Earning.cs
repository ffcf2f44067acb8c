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
        var entry = Guid.NewGuid();
        await using NpgsqlConnection connection = await host.Database.OpenConnectionAsync();
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await RunAsync(connection, "SET LOCAL session_replication_role = replica");
        await RunAsync(
            connection, "INSERT INTO ledger_entries (id, kind, subject_id, number) VALUES ($1, 'EarningsSettlement', $2, 200001)", entry, account);
        await RunAsync(
            connection,
            """
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
            SELECT $1, $2, $3, 1 + (SELECT count(*) FROM ledger_postings WHERE account_id = $2), $3 + wallet_balance($2)
            """,
            entry, account, amount);
        await RunAsync(
            connection, "INSERT INTO ledger_postings (entry_id, account_id, amount) VALUES ($1, '00000000-0000-0000-0000-000000000001', $2)", entry, -amount);
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
