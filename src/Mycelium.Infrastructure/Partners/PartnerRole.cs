using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Gives an account the role of a partner, and takes it away; what the account has registered stays. Doing either again changes nothing.</summary>
public sealed class PartnerRole(Transactions transactions)
{
    private const string Insert = """
        INSERT INTO account_roles (user_id, role_id)
        SELECT account.id, role.id FROM accounts AS account, roles AS role WHERE account.id = $1 AND role.name = $2
        ON CONFLICT DO NOTHING
        RETURNING true
        """;

    private const string Delete = "DELETE FROM account_roles USING roles AS role WHERE user_id = $1 AND role_id = role.id AND role.name = $2 RETURNING true";

    public Task<IGrantPartnerResult> Grant(Actor by, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync<IGrantPartnerResult>(
            async connection =>
            {
                var act = new PrivilegedAct(
                    by, AuditAction.PartnerGranted, AuditSubject.Account, account.ToString(), account,
                    Before: new { IsPartner = false }, After: new { IsPartner = true });
                return await TryChangeAsync(connection, Insert, account, act, cancellation).ConfigureAwait(false)
                    ? new PartnerGranted(account)
                    : new AccountNotFound(account);
            },
            cancellation);

    public Task<IRevokePartnerResult> Revoke(Actor by, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync<IRevokePartnerResult>(
            async connection =>
            {
                var act = new PrivilegedAct(
                    by, AuditAction.PartnerRevoked, AuditSubject.Account, account.ToString(), account,
                    Before: new { IsPartner = true }, After: new { IsPartner = false });
                return await TryChangeAsync(connection, Delete, account, act, cancellation).ConfigureAwait(false)
                    ? new PartnerRevoked(account)
                    : new AccountNotFound(account);
            },
            cancellation);

    /// <returns>Whether there is such an account.</returns>
    private static async Task<bool> TryChangeAsync(
        NpgsqlConnection connection, string change, AccountId account, PrivilegedAct act, CancellationToken cancellation)
    {
        bool hasChanged, exists;
        NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(change, account.Value, Roles.Partner)
            .Then("SELECT true FROM accounts WHERE id = $1", account.Value);
        await using (batch)
        {
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            hasChanged = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
            exists = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
        }
        if (hasChanged)
            await new NpgsqlBatch(connection).ThenAudit(act).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return exists;
    }
}
