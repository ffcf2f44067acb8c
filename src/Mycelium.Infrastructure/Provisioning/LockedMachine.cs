using Mycelium.Domain.Accounts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>A rental and its machine, both locked, for what a renter decides about the machine.</summary>
/// <param name="Machine">Null when the rental has none.</param>
/// <param name="Grid">The name of its grid.</param>
/// <param name="Earlier">What was answered to the same idempotency key.</param>
/// <param name="Now">After the locks.</param>
internal sealed record LockedMachine(Rental Rental, Machine? Machine, string Grid, EarlierAnswer? Earlier, DateTimeOffset Now)
{
    /// <summary>Begins a transaction. Null for another account's rental.</summary>
    public static async Task<LockedMachine?> LockAsync(
        NpgsqlConnection connection, AccountId renter, RentalId id, Intention? intention, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                """
                SELECT to_jsonb(rental)::text, (SELECT grid FROM nodes WHERE nodes.id = rental.node_id)
                FROM rentals AS rental WHERE id = $1 AND renter_id = $2 FOR NO KEY UPDATE
                """, id.Value, renter.Value)
            .ThenLockWallets(intention is null ? [] : [renter.Value])
            .ThenLockMachine(id)
            .Then("SELECT market_now()");
        if (intention is not null)
            batch.ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rental = (await reader.RowsAsync(row => (Rental: RentalStatements.ReadRental(row), Grid: row.GetString(1)), cancellation).ConfigureAwait(false))
            .SingleOrDefault();
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
        Machine? machine = (await reader.RowsAsync(MachineTable.ReadMachine, cancellation).ConfigureAwait(false)).SingleOrDefault();
        DateTimeOffset now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        EarlierAnswer? earlier = intention is null ? null : await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        return rental.Rental is null ? null : new LockedMachine(rental.Rental, machine, rental.Grid, earlier, now);
    }
}
