using Microsoft.Extensions.Options;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Ends every rental whose term is over, by the database's clock: slices back, the farmer paid. Any number of replicas may do this at once; each takes
/// rentals that no other has taken.
/// </summary>
public sealed class ExpireRentals(Transactions transactions, IOptions<AllocationOptions> options)
{
    /// <summary>One pass, until nothing is due.</summary>
    /// <returns>How many rentals ended.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            int ended = await transactions.RunAsync(connection => ExpireSomeAsync(connection, options.Value.ExpiryBatch, cancellation), cancellation).ConfigureAwait(false);
            total += ended;
            if (ended < options.Value.ExpiryBatch)
                return total;
        }
    }

    private static async Task<int> ExpireSomeAsync(NpgsqlConnection connection, int batchMax, CancellationToken cancellation)
    {
        List<Rental> due = await TakeDueAsync(connection, batchMax, cancellation).ConfigureAwait(false);
        if (due.Count == 0)
            return 0;

        DateTimeOffset now = await LockSidesAsync(connection, due, cancellation).ConfigureAwait(false);
        List<Rental> ended = [.. due.Where(rental => rental.Expire(now) is not null)];
        if (ended.Count > 0)
            await new NpgsqlBatch(connection).ThenEnd(ended, now).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return ended.Count;
    }

    /// <summary>Read once, as a value, the clock can bound the index scan; called for each row it could not.</summary>
    private static async Task<List<Rental>> TakeDueAsync(NpgsqlConnection connection, int batchMax, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(
            """
            SELECT to_jsonb(rental)::text FROM rentals AS rental
            WHERE status = 'Active' AND ends_at <= (SELECT clock_timestamp())
            ORDER BY ends_at LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
            """, batchMax);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false);
    }

    private static async Task<DateTimeOffset> LockSidesAsync(NpgsqlConnection connection, IReadOnlyCollection<Rental> due, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf(due);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
    }
}
