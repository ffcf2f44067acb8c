using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Payouts;

/// <summary>Accounts that have earned something without waiting for a month to end.</summary>
internal static class Earning
{
    /// <summary>
    /// What settling a month would leave behind. No operation may do that before the month is over, so triggers are off for it, which only the database's owner
    /// can do.
    /// </summary>
    public static Task EarnAsync(this ApiHost host, Guid account, decimal dollars) => host.SqlAsync(
        $$"""
        DO $body$
        DECLARE
            entry  uuid := gen_random_uuid();
            held   bigint := wallet_balance('{{account}}');
            moved  bigint := {{(long)(dollars * 1_000_000)}};
        BEGIN
            SET LOCAL session_replication_role = replica;
            INSERT INTO ledger_entries (id, kind, subject_id, number) VALUES (entry, 'EarningsSettlement', '{{account}}', 200001);
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after) VALUES
                (entry, '00000000-0000-0000-0000-000000000001', -moved, NULL, NULL),
                (entry, '{{account}}', moved, 1 + coalesce((SELECT max(sequence) FROM ledger_postings WHERE account_id = '{{account}}'), 0), held + moved);
            SET LOCAL session_replication_role = origin;
        END $body$
        """);

    /// <summary>The ID of a withdrawal of two dollars that waits for an operator.</summary>
    public static async Task<string> RequestedWithdrawalAsync(this ApiHost host, Guid account)
    {
        await host.EarnAsync(account, 2);
        var id = Guid.CreateVersion7();
        await host.SqlAsync("SELECT request_withdrawal($1, $2, 2000000)", id, account);
        return GlobalId.Encode("Withdrawal", id);
    }
}
