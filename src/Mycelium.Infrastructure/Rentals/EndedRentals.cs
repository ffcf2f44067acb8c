using Mycelium.Domain.Billing;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>How rentals end, for every caller that ends them. The rentals themselves are locked already.</summary>
internal static class EndedRentals
{
    /// <summary>Locks what the end of these rentals changes: both sides' wallets, then the nodes.</summary>
    public static NpgsqlBatch ThenLockSidesOf(this NpgsqlBatch batch, IReadOnlyCollection<Rental> rentals) => batch
        .ThenLockWallets([.. rentals.SelectMany(rental => new[] { rental.RenterId.Value, rental.FarmerId.Value }).Distinct()])
        .ThenLockNodes([.. rentals.Select(rental => rental.NodeId.Value).Distinct()])
        .Then("SELECT market_now()");

    /// <summary>Reads past the two locks to the instant after them.</summary>
    public static async Task<DateTimeOffset> ReadInstantAfterLocksAsync(this NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
    }

    /// <summary>Rentals end, their slices go back to their nodes, and both sides are paid.</summary>
    /// <param name="batch">The transaction so far.</param>
    /// <param name="ended">As the domain ended them.</param>
    /// <param name="at">When they were ended.</param>
    public static NpgsqlBatch ThenEnd(this NpgsqlBatch batch, IReadOnlyCollection<Rental> ended, DateTimeOffset at) => batch
        .ThenEndRentals(ended)
        .ThenReturnSlices(ended)
        .ThenAppend([.. ended.Select(LedgerEntry.Settlement)], at)
        .ThenNotify([.. ended.Select(rental => Notification.RentalEnded(rental, at)).OfType<Notification>()]);
}
