using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Begins a rental whose machine is ready: it is billed from this instant on, and its renter is told. Nothing for a rental in any other state.
/// </summary>
public sealed class ActivateRental(Transactions transactions)
{
    public Task Execute(RentalId id, CancellationToken cancellation) => ProvisionedRental.ChangeAsync(
        transactions, id, (rental, now) => rental.Activate(now) is { } ? Notification.RentalReady(rental, now) : null, cancellation);
}

/// <summary>
/// Ends a rental whose machine could not be made: refunded in full, its slices free, and its renter told. Nothing for a rental in any other state.
/// </summary>
public sealed class FailRental(Transactions transactions)
{
    public Task Execute(RentalId id, CancellationToken cancellation) => ProvisionedRental.ChangeAsync(
        transactions, id, (rental, now) => rental.Fail(now) is { } failed ? Notification.RentalFailed(failed, now) : null, cancellation);
}

/// <summary>The transaction of both: lock, let the domain decide, write. The same however often it is done.</summary>
internal static class ProvisionedRental
{
    /// <param name="transactions">Where.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="decide">Changes the rental and returns what its renter is told; null if nothing changes.</param>
    /// <param name="cancellation">Of the pass.</param>
    public static Task ChangeAsync(
        Transactions transactions, RentalId id, Func<Rental, DateTimeOffset, Notification?> decide, CancellationToken cancellation) =>
        transactions.RunAsync(
            async connection =>
            {
                Rental? rental;
                await using (NpgsqlBatch lockIt = connection.Send("BEGIN")
                    .Then("SELECT FROM rentals WHERE id = $1 FOR NO KEY UPDATE", id.Value)
                    .Then($"SELECT {RentalStatements.Whole} FROM rentals AS rental WHERE id = $1", id.Value)
                    .ThenLockMachinesOn([id.Value]))
                await using (NpgsqlDataReader reader = await lockIt.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
                    rental = await reader.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
                if (rental is not { Status: RentalStatus.Provisioning })
                    return false;

                DateTimeOffset now;
                await using (NpgsqlBatch locks = new NpgsqlBatch(connection).ThenLockSidesOf([rental]))
                await using (NpgsqlDataReader reader = await locks.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
                    now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
                var change = new RentalChange(rental, rental.Segments);
                if (decide(rental, now) is not { } told)
                    return false;
                await new NpgsqlBatch(connection).ThenSave([change], now).ThenNotify([told]).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
                return true;
            },
            cancellation);
}
