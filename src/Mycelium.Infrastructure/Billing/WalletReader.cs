using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Reads balances: each is the last posting of its wallet.</summary>
public sealed class WalletReader(NpgsqlDataSource database)
{
    /// <summary>Zero for an account without a posting, or one that does not exist.</summary>
    public async Task<MicroUsd> BalanceAsync(AccountId account, CancellationToken cancellation)
    {
        try
        {
            return MicroUsd.From(await database.UseAsync(
                async connection =>
                {
                    await using var command = new NpgsqlCommand("SELECT wallet_balance($1)", connection);
                    command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
                    return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
                },
                cancellation).ConfigureAwait(false));
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
