using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Ends reservations whose time is over, by the database's clock. Any number of replicas may do this at once. A node that another transaction has locked is
/// left to the next pass.
/// </summary>
public sealed class ReleaseHolds(Transactions transactions, IOptions<AllocationOptions> options)
{
    /// <summary>How long an ended reservation can still be looked up, for a request that is sent again.</summary>
    private static readonly TimeSpan keptFor = TimeSpan.FromDays(3);

    /// <summary>Rows that one statement deletes.</summary>
    private const int PruneBatch = 1_000;

    /// <summary>One pass.</summary>
    /// <returns>How many ended.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            int ended = await transactions.RunAsync(
                connection => ReleaseAsync(connection, "true", [], "SKIP LOCKED", cancellation), cancellation).ConfigureAwait(false);
            total += ended;
            if (ended == 0)
                return total;
        }
    }

    /// <summary>Ends what is due at these nodes, and waits for their locks.</summary>
    internal Task<int> ExecuteAt(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation) => transactions.OnceAsync(
        connection => ReleaseAsync(connection, "node_id = ANY ($2)", [.. nodes.Select(node => node.Value)], "", cancellation), cancellation);

    /// <summary>Deletes reservations that ended days ago.</summary>
    public Task<int> Prune(CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT prune_reservations($1, $2)", connection);
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = keptFor });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PruneBatch });
            return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        },
        cancellation);

    private async Task<int> ReleaseAsync(NpgsqlConnection connection, string which, long[] at, string skipLocked, CancellationToken cancellation)
    {
        List<Reservation> due;
        DateTimeOffset now;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(
            $"""
            SELECT id FROM nodes WHERE id = ANY (ARRAY(
                SELECT node_id FROM reservations WHERE ended_at IS NULL AND expires_at <= (SELECT market_now()) AND {which} ORDER BY expires_at LIMIT $1))
            ORDER BY id FOR NO KEY UPDATE {skipLocked}
            """, at.Length == 0 ? [options.Value.ExpiryBatch] : [options.Value.ExpiryBatch, at]))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            at = [.. await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false)];
        if (at.Length == 0)
            return 0;

        await using (NpgsqlBatch batch = connection.Send(
            """
            SELECT to_jsonb(held)::text FROM reservations AS held
            WHERE ended_at IS NULL AND expires_at <= (SELECT market_now()) AND node_id = ANY ($1) ORDER BY expires_at LIMIT $2
            """, at, options.Value.ExpiryBatch).Then("SELECT market_now()"))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            due = await reader.RowsAsync(ReservationStatements.ReadReservation, cancellation).ConfigureAwait(false);
            now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        }
        Reservation[] ended = [.. due.Where(held => held.Release(now) is ReservationReleased)];
        if (ended.Length > 0)
            await new NpgsqlBatch(connection).ThenRelease(ended).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return ended.Length;
    }
}
