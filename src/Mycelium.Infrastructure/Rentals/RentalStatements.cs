using System.Text.Json;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The statements that ending rentals shares.</summary>
internal static class RentalStatements
{
    public static Rental ReadRental(NpgsqlDataReader row) => RowJson.Read<Rental>(row.GetString(0));

    /// <summary>Locks what the end of these rentals changes: both sides' wallets, then the nodes. The rentals themselves are locked already.</summary>
    public static NpgsqlBatch ThenLockSidesOf(this NpgsqlBatch batch, IReadOnlyCollection<Rental> rentals) => batch
        .ThenLockWallets([.. rentals.SelectMany(rental => new[] { rental.RenterId.Value, rental.FarmerId.Value }).Distinct()])
        .Then("SELECT FROM nodes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", rentals.Select(rental => rental.NodeId.Value).Distinct().ToArray())
        .Then("SELECT clock_timestamp()");

    /// <summary>Writes rentals that have ended, gives their slices back and pays both sides.</summary>
    /// <param name="at">When they were ended.</param>
    public static NpgsqlBatch ThenEnd(this NpgsqlBatch batch, IReadOnlyCollection<Rental> ended, DateTimeOffset at) => batch
        .Then("SELECT end_rentals($1)", Statements.Json(JsonSerializer.Serialize(ended, RowJson.Options)))
        .ThenAppend([.. ended.Select(LedgerEntry.Settlement)], at);

    /// <summary>Reads past the two locks to the instant after them.</summary>
    public static async Task<DateTimeOffset> ReadInstantAfterLocksAsync(this NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
    }
}
