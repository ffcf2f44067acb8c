using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

public enum StandingChange { GrantOperator, RevokeOperator, Lock, Unlock, RemoveSecondFactor }

/// <summary>Makes an account an operator or takes that away, locks or unlocks it, or removes its second factor. Doing it again changes nothing.</summary>
public sealed class ChangeStanding(Transactions transactions)
{
    // Rows of accounts change with a new concurrency stamp: ASP.NET Core Identity writes whole rows, and a request under way that has read the row before is
    // refused.
    private static readonly Dictionary<StandingChange, (string Change, AuditAction Action, object Before, object After)> changes = new()
    {
        [StandingChange.GrantOperator] = (
            """
            INSERT INTO account_roles (user_id, role_id) SELECT account.id, roles.id FROM account, roles WHERE roles.name = 'operator'
            ON CONFLICT DO NOTHING RETURNING user_id
            """,
            AuditAction.OperatorGranted, new { IsOperator = false }, new { IsOperator = true }),
        [StandingChange.RevokeOperator] = (
            "DELETE FROM account_roles USING account, roles WHERE user_id = account.id AND role_id = roles.id AND roles.name = 'operator' RETURNING user_id",
            AuditAction.OperatorRevoked, new { IsOperator = true }, new { IsOperator = false }),
        [StandingChange.Lock] = (
            """
            UPDATE accounts SET lockout_end = 'infinity', concurrency_stamp = gen_random_uuid()::text FROM account
            WHERE accounts.id = account.id AND accounts.lockout_end IS DISTINCT FROM 'infinity' RETURNING accounts.id
            """,
            AuditAction.AccountLocked, new { IsLocked = false }, new { IsLocked = true }),
        [StandingChange.Unlock] = (
            """
            UPDATE accounts SET lockout_end = NULL, concurrency_stamp = gen_random_uuid()::text FROM account
            WHERE accounts.id = account.id AND accounts.lockout_end IS NOT NULL RETURNING accounts.id
            """,
            AuditAction.AccountUnlocked, new { IsLocked = true }, new { IsLocked = false }),
        // A new security stamp ends what was issued while the factor was on; a new factor begins with a new key.
        [StandingChange.RemoveSecondFactor] = (
            """
            UPDATE accounts SET two_factor_enabled = false, security_stamp = gen_random_uuid()::text, concurrency_stamp = gen_random_uuid()::text FROM account
            WHERE accounts.id = account.id AND accounts.two_factor_enabled RETURNING accounts.id), forgotten AS (
            DELETE FROM account_tokens USING account WHERE user_id = account.id
            """,
            AuditAction.SecondFactorRemoved, new { HasSecondFactor = true }, new { HasSecondFactor = false }),
    };

    /// <param name="by">The actor.</param>
    /// <param name="change">The change.</param>
    /// <param name="normalizedName">The account's name as Identity normalizes it.</param>
    /// <param name="cancellation">Gives up, before or instead of the commit.</param>
    /// <returns>Whether it changed anything; null when no account has the name.</returns>
    public Task<bool?> Execute(Actor by, StandingChange change, string normalizedName, CancellationToken cancellation) =>
        transactions.RunAsync(connection => ChangeAsync(connection, by, change, normalizedName, cancellation), cancellation);

    private static async Task<bool?> ChangeAsync(
        NpgsqlConnection connection, Actor by, StandingChange change, string normalizedName, CancellationToken cancellation)
    {
        List<(AccountId Account, bool IsNew)> found = await TryChangeAsync(
            connection, changes[change].Change, normalizedName, cancellation).ConfigureAwait(false);
        if (found is not [var (account, isNew)])
            return null;
        if (!isNew)
            return false;
        (_, AuditAction action, object before, object after) = changes[change];
        await new NpgsqlBatch(connection)
            .ThenAudit(new PrivilegedAct(by, action, AuditSubject.Account, account.ToString(), account, before, after))
            .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private static async Task<List<(AccountId Account, bool IsNew)>> TryChangeAsync(
        NpgsqlConnection connection, string change, string normalizedName, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(
            $"""
            WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1), changed AS ({change})
            SELECT account.id, EXISTS (SELECT FROM changed) FROM account
            """,
            normalizedName);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(row => (new AccountId(row.GetGuid(0)), row.GetBoolean(1)), cancellation).ConfigureAwait(false);
    }
}
