using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Reads balances, each the last posting of its wallet, and what is going to happen to them.</summary>
public sealed class WalletReader(NpgsqlDataSource database)
{
    private const string ReadCommitted = "SELECT id, committed_of(id), now_is FROM unnest($1) AS id, (SELECT market_now() AS now_is OFFSET 0) AS clock";

    /// <summary>
    /// A rental whose term is over costs nothing more, also before the next pass ends it. One that is paid by the hour goes on, and so does a name.
    /// </summary>
    private const string ReadRunning = """
        SELECT renter_id, price_per_hour, 0, ends_at FROM rentals WHERE renter_id = ANY ($1) AND billing = 'Metered' AND ended_at IS NULL AND status = 'Active'
        UNION ALL
        SELECT account_id, price_per_hour, 0, paid_until FROM reserved_names WHERE account_id = ANY ($1) AND status = 'Active'
        UNION ALL
        SELECT renter_id, paid.price_per_hour, paid.discount, rental.ends_at FROM rentals AS rental
        CROSS JOIN LATERAL (
            SELECT price_per_hour, discount FROM rental_segments WHERE rental_id = rental.id AND NOT is_returned ORDER BY number DESC LIMIT 1) AS paid
        WHERE renter_id = ANY ($1) AND status = 'Active' AND billing = 'Prepaid' AND rental.ends_at > (SELECT market_now())
        """;

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

    /// <summary>What is promised from each wallet, and what its owner rents now.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<IReadOnlyDictionary<AccountId, WalletOutlook>> OutlooksAsync(
        IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation) => database.UseIfAvailableAsync<IReadOnlyDictionary<AccountId, WalletOutlook>>(
        async connection =>
        {
            Guid[] ids = [.. accounts.Select(account => account.Value)];
            await using NpgsqlBatch batch = connection.Send(ReadCommitted, ids).Then(ReadRunning, ids);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<(Guid Account, MicroUsd Amount, DateTimeOffset AsOf)> committed = await reader.RowsAsync(
                row => (row.GetGuid(0), MicroUsd.From(row.GetInt64(1)), row.GetFieldValue<DateTimeOffset>(2)), cancellation).ConfigureAwait(false);
            ILookup<Guid, RunningRental> running =
                (await reader.RowsAsync(row => (Renter: row.GetGuid(0), Rental: ReadRental(row)), cancellation).ConfigureAwait(false))
                    .ToLookup(row => row.Renter, row => row.Rental);
            return committed.ToDictionary(row => new AccountId(row.Account), row => new WalletOutlook(row.AsOf, row.Amount, [.. running[row.Account]]));
        },
        cancellation);

    private static RunningRental ReadRental(NpgsqlDataReader row) =>
        new(MicroUsdPerHour.From(row.GetInt64(1)), BasisPoints.From(row.GetInt32(2)), row.GetFieldValue<DateTimeOffset>(3));
}
