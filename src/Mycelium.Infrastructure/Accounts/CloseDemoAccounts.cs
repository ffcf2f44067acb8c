using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Removes the demo accounts' passwords, roles and sessions, so that they can no longer sign in. The accounts stay, since rentals and ledger entries refer to
/// them. Doing it again changes nothing.
/// </summary>
public sealed class CloseDemoAccounts(Transactions transactions)
{
    /// <summary>A new security stamp ends what was issued under the old one. An account may have got a role since it was closed.</summary>
    private const string Close = """
        WITH demo AS (SELECT id FROM accounts WHERE normalized_user_name LIKE '%@DEMO.MYCELIUM'),
            closed AS (
                UPDATE accounts
                SET password_hash = NULL, security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text, email_confirmed = false,
                    two_factor_enabled = false
                FROM demo WHERE accounts.id = demo.id AND password_hash IS NOT NULL RETURNING accounts.id),
            deprived AS (DELETE FROM account_roles USING demo WHERE user_id = demo.id RETURNING user_id),
            forgotten AS (DELETE FROM account_tokens USING demo WHERE user_id = demo.id)
        SELECT id FROM closed UNION SELECT user_id FROM deprived
        """;

    /// <param name="by">The actor.</param>
    /// <param name="cancellation">Gives up, before or instead of the commit.</param>
    /// <returns>How many accounts had a password or a role.</returns>
    public Task<int> Execute(Actor by, CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            List<AccountId> closed = await CloseAsync(connection, cancellation).ConfigureAwait(false);
            foreach (AccountId account in closed)
                await new NpgsqlBatch(connection).ThenAudit(new PrivilegedAct(by, AuditAction.AccountClosed, AuditSubject.Account, account.ToString(), account))
                    .RunAsync(cancellation).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return closed.Count;
        },
        cancellation);

    private static async Task<List<AccountId>> CloseAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch close = connection.Send(Close);
        await using NpgsqlDataReader reader = await close.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(row => new AccountId(row.GetGuid(0)), cancellation).ConfigureAwait(false);
    }
}
