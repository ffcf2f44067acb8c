using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A rental that is to be written.</summary>
/// <param name="Wallet">Its renter's wallet once it is paid.</param>
internal readonly record struct StartedRental(Rental Rental, WalletState Wallet);

/// <summary>The statements that begin and end rentals.</summary>
internal static class RentalStatements
{
    public static Rental ReadRental(NpgsqlDataReader row) => RowJson.Read<Rental>(row.GetString(0));

    /// <summary>Locks what the end of these rentals changes: both sides' wallets, then the nodes. The rentals themselves are locked already.</summary>
    public static NpgsqlBatch ThenLockSidesOf(this NpgsqlBatch batch, IReadOnlyCollection<Rental> rentals) => batch
        .ThenLockWallets([.. rentals.SelectMany(rental => new[] { rental.RenterId.Value, rental.FarmerId.Value }).Distinct()])
        .Then("SELECT FROM nodes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", rentals.Select(rental => rental.NodeId.Value).Distinct().ToArray())
        .Then("SELECT clock_timestamp()");

    /// <summary>Writes rentals that begin, with their slices, charges and events: <c>start_rentals</c> in 0012_rentals_by_columns.sql, by its columns.</summary>
    /// <param name="rented">In the order in which they were decided.</param>
    /// <param name="versions">Of the nodes, as they were decided by.</param>
    /// <param name="wallets">As they were decided by.</param>
    /// <param name="at">When they were decided.</param>
    /// <param name="stampBatch">How many events are numbered at most, beside their own.</param>
    public static NpgsqlBatch ThenStart(
        this NpgsqlBatch batch, IReadOnlyList<StartedRental> rented, IReadOnlyDictionary<NodeId, long> versions, IReadOnlyDictionary<AccountId, WalletState> wallets,
        DateTimeOffset at, int stampBatch)
    {
        Rental[] rentals = [.. rented.Select(one => one.Rental)];
        IGrouping<NodeId, Rental>[] nodes = [.. rentals.GroupBy(rental => rental.NodeId).OrderBy(node => node.Key.Value)];
        Dictionary<NodeId, int> places = nodes.Select((node, index) => (node.Key, Place: index + 1)).ToDictionary(node => node.Key, node => node.Place); // PostgreSQL counts from 1.
        AccountId[] renters = [.. rentals.Select(rental => rental.RenterId).Distinct()];
        return batch.Then(
            "SELECT stamped, up_to FROM start_rentals($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25)",
            Of(nodes, node => node.Key.Value), Of(nodes, node => versions[node.Key]), Of(nodes, node => node.Sum(rental => rental.SliceTotal)), Of(nodes, node => node.Count()),
            Of(renters, renter => renter.Value), Of(renters, renter => wallets[renter].Sequence), Of(renters, renter => wallets[renter].Balance.Value),
            Of(rentals, rental => rental.Id.Value), Of(rentals, rental => rental.RenterId.Value), Of(rentals, rental => places[rental.NodeId]),
            Of(rentals, rental => rental.Multiplier), Of(rentals, rental => rental.Quantity), Of(rentals, rental => rental.PricePerHour.Value),
            Of(rentals, rental => rental.Hours.Value), Of(rentals, rental => rental.Discount.Value), Of(rentals, rental => rental.Paid.Value), at,
            Of(rentals, rental => rental.EndsAt), Of(rentals, rental => rental.SshPublicKey), Of(rentals, rental => JsonSerializer.Serialize(rental, RowJson.Options)),
            // Ids begin with the instant, so that indexes grow at their end and what is read and written stays close together.
            Of(rentals, _ => Guid.CreateVersion7(at)), Of(rented, one => one.Wallet.Sequence), Of(rented, one => one.Wallet.Balance.Value),
            nodes.SelectMany(node => node.SelectMany(rental => Enumerable.Repeat(rental.Id.Value, rental.SliceTotal))).ToArray(), stampBatch);

        static T[] Of<TItem, T>(IReadOnlyCollection<TItem> items, Func<TItem, T> column) => [.. items.Select(column)];
    }

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
