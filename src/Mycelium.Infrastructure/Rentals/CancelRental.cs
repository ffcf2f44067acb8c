using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Ends a rental early: slices back to the node, the earned part to the farmer, the rest to the renter, in one transaction.</summary>
public sealed class CancelRental(Transactions transactions, IOptions<RentalLimitOptions> options)
{
    private const string Operation = "cancelRental";

    /// <summary>No more than the limit: that is all that is needed to decide, and to say when to try again.</summary>
    private const string ReadCancelled = """
        SELECT ended_at FROM rentals, (SELECT market_now() AS now_is) AS clock
        WHERE renter_id = $1 AND status = 'Cancelled' AND ended_at > now_is - interval '1 hour' ORDER BY ended_at DESC LIMIT $2
        """;

    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="isPartner">Whether the renter has the limits of partners and operators.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<ICancelRentalResult> Execute(AccountId renter, RentalId id, IdempotencyKey key, bool isPartner, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(renter, Operation, key, id);
        return transactions.RunAsync(connection => CancelAsync(connection, intention, id, options.Value.For(isPartner), cancellation), cancellation);
    }

    private static async Task<ICancelRentalResult> CancelAsync(
        NpgsqlConnection connection, Intention intention, RentalId id, RentalLimits limits, CancellationToken cancellation)
    {
        if (await LockRentalAsync(connection, intention.Account, id, cancellation).ConfigureAwait(false) is not { } rental)
            return new RentalNotFound(id);

        (DateTimeOffset now, EarlierAnswer? earlier, List<DateTimeOffset> cancelled) =
            await LockSidesAsync(connection, intention, rental, limits, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new RentalCancelled(rental, rental.Refunded);

        ICancelRentalResult result = rental.EndedAt is null && now < rental.EndsAt && limits.RefuseCancellation(cancelled, now) is { } tooMany
            ? tooMany
            : rental.Cancel(now);
        if (result is RentalCancelled)
        {
            await new NpgsqlBatch(connection)
                .ThenEnd([rental], now)
                .ThenRemember((intention, $$"""{"rental_id": "{{id}}"}"""))
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    /// <summary>Another account's rental is not found.</summary>
    private static async Task<Rental?> LockRentalAsync(NpgsqlConnection connection, AccountId renter, RentalId id, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then("SELECT to_jsonb(rental)::text FROM rentals AS rental WHERE id = $1 AND renter_id = $2 FOR NO KEY UPDATE", id.Value, renter.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false)).SingleOrDefault();
    }

    /// <summary>What the renter has cancelled is read under the lock of its wallet: of two cancellations at once, the second sees the first.</summary>
    private static async Task<(DateTimeOffset Now, EarlierAnswer? Earlier, List<DateTimeOffset> Cancelled)> LockSidesAsync(
        NpgsqlConnection connection, Intention intention, Rental rental, RentalLimits limits, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).ThenFind(intention)
            .Then(ReadCancelled, intention.Account.Value, limits.CancellationsPerHour ?? 0);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        EarlierAnswer? earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        return (now, earlier, await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false));
    }
}
