using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Reads balances: each is the last posting of its wallet.</summary>
public sealed class WalletReader(NpgsqlDataSource database)
{
    /// <summary>Zero for an account without a posting, or one that does not exist.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public async Task<MicroUsd> BalanceAsync(AccountId account, CancellationToken cancellation) => MicroUsd.From(await database.UseIfAvailableAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT wallet_balance($1)", connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
            return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        },
        cancellation).ConfigureAwait(false));
}
