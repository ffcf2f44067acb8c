using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Ends a rental early: slices back to the node, the earned part to the farmer, the rest to the renter, in one transaction.</summary>
public sealed class CancelRental(Transactions transactions)
{
    private const string Operation = "cancelRental";

    public Task<ICancelRentalResult> Execute(AccountId renter, RentalId id, IdempotencyKey key, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(renter, Operation, key, id);
        return transactions.RunAsync(connection => CancelAsync(connection, intention, id, cancellation), cancellation);
    }

    private static async Task<ICancelRentalResult> CancelAsync(NpgsqlConnection connection, Intention intention, RentalId id, CancellationToken cancellation)
    {
        if (await LockRentalAsync(connection, intention.Account, id, cancellation).ConfigureAwait(false) is not { } rental)
            return new RentalNotFound(id);

        (DateTimeOffset now, EarlierAnswer? earlier) = await LockSidesAsync(connection, intention, rental, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new RentalCancelled(rental, rental.Refunded);

        ICancelRentalResult result = rental.Cancel(now);
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

    /// <summary>Somebody else's rental is not found.</summary>
    private static async Task<Rental?> LockRentalAsync(NpgsqlConnection connection, AccountId renter, RentalId id, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then("SELECT to_jsonb(rental)::text FROM rentals AS rental WHERE id = $1 AND renter_id = $2 FOR NO KEY UPDATE", id.Value, renter.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false)).SingleOrDefault();
    }

    private static async Task<(DateTimeOffset Now, EarlierAnswer? Earlier)> LockSidesAsync(
        NpgsqlConnection connection, Intention intention, Rental rental, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        return (now, await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }
}
