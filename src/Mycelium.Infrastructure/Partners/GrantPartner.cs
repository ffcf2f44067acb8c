using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Gives an account the role of a partner. Doing it again changes nothing.</summary>
public sealed class GrantPartner(Transactions transactions)
{
    public Task<IGrantPartnerResult> Execute(Actor by, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => GrantAsync(connection, by, account, cancellation), cancellation);

    private static async Task<IGrantPartnerResult> GrantAsync(NpgsqlConnection connection, Actor by, AccountId account, CancellationToken cancellation)
    {
        (bool exists, bool isNew) = await TryGrantAsync(connection, account, cancellation).ConfigureAwait(false);
        if (!exists)
            return new AccountNotFound(account);
        if (isNew)
        {
            await new NpgsqlBatch(connection)
                .ThenAudit(new PrivilegedAct(
                    by, AuditAction.PartnerGranted, AuditSubject.Account, account.ToString(), account, Before: new { IsPartner = false },
                    After: new { IsPartner = true }))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return new PartnerGranted(account);
    }

    private static async Task<(bool IsThere, bool IsNew)> TryGrantAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                """
                INSERT INTO account_roles (user_id, role_id)
                SELECT account.id, role.id FROM accounts AS account, roles AS role WHERE account.id = $1 AND role.name = $2
                ON CONFLICT DO NOTHING
                RETURNING true
                """,
                account.Value, Roles.Partner)
            .Then("SELECT true FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        bool isNew = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
        return (await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [], isNew);
    }
}
