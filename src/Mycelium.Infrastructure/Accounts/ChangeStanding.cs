using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

public enum StandingChange { Lock, Unlock, RevokeOperator }

/// <summary>Locks an account, unlocks it, or takes the role of an operator from it. Doing it again changes nothing.</summary>
public sealed class ChangeStanding(Transactions transactions)
{
    /// <summary>With a new concurrency stamp: ASP.NET Core Identity writes whole rows, and a request under way that has read the row before is refused.</summary>
    private const string Lock = """
        WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1),
            changed AS (
                UPDATE accounts SET lockout_end = 'infinity', concurrency_stamp = gen_random_uuid()::text FROM account
                WHERE accounts.id = account.id AND accounts.lockout_end IS DISTINCT FROM 'infinity' RETURNING accounts.id)
        SELECT account.id, EXISTS (SELECT FROM changed) FROM account
        """;

    private const string Unlock = """
        WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1),
            changed AS (
                UPDATE accounts SET lockout_end = NULL, concurrency_stamp = gen_random_uuid()::text FROM account
                WHERE accounts.id = account.id AND accounts.lockout_end IS NOT NULL RETURNING accounts.id)
        SELECT account.id, EXISTS (SELECT FROM changed) FROM account
        """;

    private const string RevokeOperator = """
        WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1),
            changed AS (
                DELETE FROM account_roles USING account, roles
                WHERE user_id = account.id AND role_id = roles.id AND roles.name = 'operator' RETURNING user_id)
        SELECT account.id, EXISTS (SELECT FROM changed) FROM account
        """;

    /// <param name="by">Who does it.</param>
    /// <param name="change">What is done.</param>
    /// <param name="normalizedName">The account's name as Identity normalizes it.</param>
    /// <param name="cancellation">Gives up, before or instead of the commit.</param>
    /// <returns>Whether it changed anything; null when no account has the name.</returns>
    public Task<bool?> Execute(Actor by, StandingChange change, string normalizedName, CancellationToken cancellation) =>
        transactions.RunAsync(connection => ChangeAsync(connection, by, change, normalizedName, cancellation), cancellation);

    private static async Task<bool?> ChangeAsync(NpgsqlConnection connection, Actor by, StandingChange change, string normalizedName, CancellationToken cancellation)
    {
        List<(AccountId Account, bool IsNew)> found = await TryChangeAsync(connection, change, normalizedName, cancellation).ConfigureAwait(false);
        if (found is not [var (account, isNew)])
            return null;
        if (!isNew)
            return false;
        (AuditAction action, object before, object after) = Told(change);
        await new NpgsqlBatch(connection)
            .ThenAudit(new PrivilegedAct(by, action, AuditSubject.Account, account.ToString(), account, before, after))
            .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private static async Task<List<(AccountId Account, bool IsNew)>> TryChangeAsync(NpgsqlConnection connection, StandingChange change, string normalizedName, CancellationToken cancellation)
    {
        string statement = change switch { StandingChange.Lock => Lock, StandingChange.Unlock => Unlock, _ => RevokeOperator };
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(statement, normalizedName);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(row => (new AccountId(row.GetGuid(0)), row.GetBoolean(1)), cancellation).ConfigureAwait(false);
    }

    private static (AuditAction Action, object Before, object After) Told(StandingChange change) => change switch
    {
        StandingChange.Lock => (AuditAction.AccountLocked, new { IsLocked = false }, new { IsLocked = true }),
        StandingChange.Unlock => (AuditAction.AccountUnlocked, new { IsLocked = true }, new { IsLocked = false }),
        _ => (AuditAction.OperatorRevoked, new { IsOperator = true }, new { IsOperator = false }),
    };
}
