using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Begins a rental whose machine is ready: it is billed from this instant on, and its renter is told. Nothing for a rental in any other state.
/// </summary>
public sealed class ActivateRental(Transactions transactions, RentalPolicy policy)
{
    public Task Execute(RentalId id, CancellationToken cancellation) => ProvisionedRental.ChangeAsync(
        transactions, id,
        (rental, balance, now) => rental.Activate(policy, balance, now) switch
        {
            RentalActivated => Notification.RentalReady(rental, now),
            RentalEnteredGrace entered => Notification.RentalInGrace(entered, now),
            _ => null,
        },
        cancellation);
}

/// <summary>
/// Ends a rental whose machine could not be made: refunded in full, its slices free, and its renter told. Nothing for a rental in any other state.
/// </summary>
public sealed class FailRental(Transactions transactions)
{
    public Task Execute(RentalId id, CancellationToken cancellation) => ProvisionedRental.ChangeAsync(
        transactions, id, (rental, _, now) => rental.Fail(now) is { } failed ? Notification.RentalFailed(failed, now) : null, cancellation);
}

/// <summary>The transaction of both: lock, let the domain decide, write. The same however often it is done.</summary>
internal static class ProvisionedRental
{
    /// <param name="transactions">Where.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="decide">Changes the rental, given its renter's balance, and returns what its renter is told; null if nothing changes.</param>
    /// <param name="cancellation">Of the pass.</param>
    public static Task ChangeAsync(
        Transactions transactions, RentalId id, Func<Rental, MicroUsd, DateTimeOffset, Notification?> decide, CancellationToken cancellation) =>
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
                MicroUsd balance;
                await using (NpgsqlBatch locks = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).Then("SELECT wallet_balance($1)", rental.RenterId.Value))
                await using (NpgsqlDataReader reader = await locks.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
                {
                    now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
                    balance = MicroUsd.From((await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0]);
                }
                var change = new RentalChange(rental, rental.Segments);
                if (decide(rental, balance, now) is not { } told)
                    return false;
                await new NpgsqlBatch(connection).ThenSave([change], now).ThenNotify([told]).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
                return true;
            },
            cancellation);
}
