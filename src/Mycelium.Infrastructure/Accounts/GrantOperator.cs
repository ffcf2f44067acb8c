using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Gives the role of an operator to the account that signs in with a name. Doing it again changes nothing.</summary>
public sealed class GrantOperator(Transactions transactions)
{
    private const string Grant =
        """
        WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1),
            granted AS (
                INSERT INTO account_roles (user_id, role_id) SELECT account.id, role.id FROM account, roles AS role WHERE role.name = $2
                ON CONFLICT DO NOTHING RETURNING user_id)
        SELECT account.id, EXISTS (SELECT FROM granted) FROM account
        """;

    /// <param name="by">Who gives it.</param>
    /// <param name="normalizedName">The account's name as Identity normalizes it.</param>
    /// <param name="cancellation">Gives up, before or instead of the commit.</param>
    public Task<Outcome> Execute(Actor by, string normalizedName, CancellationToken cancellation) =>
        transactions.RunAsync(connection => GrantAsync(connection, by, normalizedName, cancellation), cancellation);

    private static async Task<Outcome> GrantAsync(NpgsqlConnection connection, Actor by, string normalizedName, CancellationToken cancellation)
    {
        List<(AccountId Account, bool IsNew)> found = await TryGrantAsync(connection, normalizedName, cancellation).ConfigureAwait(false);
        if (found is not [var (account, isNew)])
            return Outcome.NoSuchAccount;
        if (!isNew)
            return Outcome.WasOperator;
        await new NpgsqlBatch(connection)
            .ThenAudit(new PrivilegedAct(
                by, AuditAction.OperatorGranted, AuditSubject.Account, account.ToString(), account, Before: new { IsOperator = false }, After: new { IsOperator = true }))
            .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return Outcome.Granted;
    }

    private static async Task<List<(AccountId Account, bool IsNew)>> TryGrantAsync(NpgsqlConnection connection, string normalizedName, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(Grant, normalizedName, Roles.Operator);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(row => (new AccountId(row.GetGuid(0)), row.GetBoolean(1)), cancellation).ConfigureAwait(false);
    }

    public enum Outcome { Granted, WasOperator, NoSuchAccount }
}
