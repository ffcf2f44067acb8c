using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Takes the role of a partner from an account; what it has registered stays. Doing it again changes nothing.</summary>
public sealed class RevokePartner(Transactions transactions)
{
    public Task<IRevokePartnerResult> Execute(Actor by, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => RevokeAsync(connection, by, account, cancellation), cancellation);

    private static async Task<IRevokePartnerResult> RevokeAsync(NpgsqlConnection connection, Actor by, AccountId account, CancellationToken cancellation)
    {
        (bool exists, bool wasPartner) = await TryRevokeAsync(connection, account, cancellation).ConfigureAwait(false);
        if (!exists)
            return new AccountNotFound(account);
        if (wasPartner)
        {
            await new NpgsqlBatch(connection)
                .ThenAudit(new PrivilegedAct(
                    by, AuditAction.PartnerRevoked, AuditSubject.Account, account.ToString(), account, Before: new { IsPartner = true },
                    After: new { IsPartner = false }))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return new PartnerRevoked(account);
    }

    private static async Task<(bool IsThere, bool WasPartner)> TryRevokeAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                "DELETE FROM account_roles USING roles AS role WHERE user_id = $1 AND role_id = role.id AND role.name = $2 RETURNING true",
                account.Value, Roles.Partner)
            .Then("SELECT true FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        bool wasPartner = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
        return (await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [], wasPartner);
    }
}
