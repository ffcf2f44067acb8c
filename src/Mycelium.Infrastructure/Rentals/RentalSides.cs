using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>What every change of rentals locks after the rentals themselves.</summary>
internal static class RentalSides
{
    /// <summary>Locks what a change of these rentals may change: both sides' wallets, then the nodes.</summary>
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
}
