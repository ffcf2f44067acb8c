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
            await using NpgsqlCommand command = database.CreateCommand("SELECT wallet_balance($1)");
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
            return MicroUsd.From((long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
