using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>What an account has earned.</summary>
/// <param name="Withdrawable">What can be taken out.</param>
/// <param name="Pending">What cannot be spent yet.</param>
public sealed record EarnedFunds(MicroUsd Withdrawable, MicroUsd Pending);

/// <summary>Reads what an account has earned: what it can take out, and what it cannot spend yet.</summary>
public sealed class WithdrawableReader(NpgsqlDataSource database)
{
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<IReadOnlyDictionary<AccountId, EarnedFunds>> ReadAsync(
        IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) =>
        database.UseIfAvailableAsync<IReadOnlyDictionary<AccountId, EarnedFunds>>(
            async connection =>
            {
                Guid[] ids = [.. accounts.Select(account => account.Value)];
                await using NpgsqlBatch batch = connection.Send("SELECT id, withdrawable_of(id), pending_of(id) FROM unnest($1) AS id", ids);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return (await reader.RowsAsync(
                    row => (new AccountId(row.GetGuid(0)), new EarnedFunds(MicroUsd.From(row.GetInt64(1)), MicroUsd.From(row.GetInt64(2)))), cancellation)
                    .ConfigureAwait(false)).ToDictionary(row => row.Item1, row => row.Item2);
            },
            cancellation);
}
