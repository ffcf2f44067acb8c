using Mycelium.Domain.Accounts;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Takes the role of a partner from an account; what it has registered stays. Doing it again changes nothing.</summary>
public sealed class RevokePartner(Transactions transactions)
{
    public Task<IRevokePartnerResult> Execute(AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => RevokeAsync(connection, account, cancellation), cancellation);

    private static async Task<IRevokePartnerResult> RevokeAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection
            .Send("DELETE FROM account_roles USING roles AS role WHERE user_id = $1 AND role_id = role.id AND role.name = $2", account.Value, Roles.Partner)
            .Then("SELECT id FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? new PartnerRevoked(account) : new AccountNotFound(account);
    }
}
