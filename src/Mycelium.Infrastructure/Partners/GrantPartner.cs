using Mycelium.Domain.Accounts;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Gives an account the role of a partner. Doing it again changes nothing.</summary>
public sealed class GrantPartner(Transactions transactions)
{
    public Task<IGrantPartnerResult> Execute(AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => GrantAsync(connection, account, cancellation), cancellation);

    private static async Task<IGrantPartnerResult> GrantAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection
            .Send(
                """
                INSERT INTO account_roles (user_id, role_id)
                SELECT account.id, role.id FROM accounts AS account, roles AS role WHERE account.id = $1 AND role.name = $2
                ON CONFLICT DO NOTHING
                """,
                account.Value, Roles.Partner)
            .Then("SELECT id FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? new PartnerGranted(account) : new AccountNotFound(account);
    }
}
