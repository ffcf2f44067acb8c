using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>The statements of comparisons between machines and rentals.</summary>
internal static class ComparisonTable
{
    /// <summary>Rentals that one comparison orders machines for; the next goes on.</summary>
    private const int OrdersMax = 10_000;

    private const string Begin =
        """
        INSERT INTO machine_comparisons AS known (grid_number, begun_at)
        SELECT number, market_now() FROM grids WHERE name = $1
        ON CONFLICT (grid_number) DO UPDATE SET begun_at = excluded.begun_at
            WHERE known.begun_at <= excluded.begun_at - $2
        RETURNING begun_at
        """;

    /// <summary>As if it had never begun.</summary>
    private const string Release = "UPDATE machine_comparisons SET begun_at = '-infinity' WHERE grid_number = (SELECT number FROM grids WHERE name = $1)";

    /// <summary>A rental that has ended and whose machine is still being deleted is in good hands; one whose machine was gone is not.</summary>
    private const string NoteStrays =
        """
        INSERT INTO stray_machines AS known (grid_number, rental_id, first_seen_at, last_seen_at)
        SELECT (SELECT number FROM grids WHERE name = $1), listed.id, $3, $3 FROM unnest($2) AS listed (id)
        WHERE NOT EXISTS (
            SELECT FROM machines WHERE rental_id = listed.id AND state <> 'Gone' AND grid_number = (SELECT number FROM grids WHERE name = $1))
        ORDER BY listed.id
        ON CONFLICT (grid_number, rental_id) DO UPDATE SET last_seen_at = excluded.last_seen_at
        RETURNING rental_id, first_seen_at
        """;

    /// <summary>
    /// Looked at now. The look decides: the machine may have become ready while the list was read. A row that is locked is being changed at this moment, and is
    /// not waited for: nobody else locks many machines in this order.
    /// </summary>
    private const string HurryUnseen =
        """
        UPDATE machines SET next_try_at = market_now()
        WHERE rental_id = ANY (ARRAY(
            SELECT rental_id FROM machines
            WHERE grid_number = (SELECT number FROM grids WHERE name = $1) AND state = 'Ready' AND next_try_at IS NOT NULL
              AND ready_at < $3 AND NOT EXISTS (SELECT FROM unnest($2) AS listed (id) WHERE listed.id = machines.rental_id)
            FOR NO KEY UPDATE SKIP LOCKED))
        """;

    private const string FindUnordered =
        """
        SELECT id FROM rentals
        WHERE ended_at IS NULL AND kind <> 'WholeNode' AND (node_id >> 32) = (SELECT number FROM grids WHERE name = $1)
          AND NOT EXISTS (SELECT FROM machines WHERE rental_id = rentals.id)
        LIMIT $2
        """;

    private const string End =
        """
        UPDATE machine_comparisons SET completed_at = market_now() WHERE grid_number = (SELECT number FROM grids WHERE name = $1)
        """;

    /// <summary>What is no longer listed, or has found its rental, is no stray.</summary>
    private const string ForgetStrays =
        "DELETE FROM stray_machines WHERE grid_number = (SELECT number FROM grids WHERE name = $1) AND last_seen_at < $2";

    /// <summary>When the comparison began; null when the last one is not old enough.</summary>
    public static Task<DateTimeOffset?> TakeComparisonAsync(
        this NpgsqlDataSource database, string grid, TimeSpan interval, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Begin, grid, interval);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? reader.GetFieldValue<DateTimeOffset>(0) : (DateTimeOffset?)null;
        },
        cancellation);

    public static Task<int> ReleaseComparisonAsync(this NpgsqlDataSource database, string grid, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Release, grid), cancellation);

    /// <summary>Those of the listed machines that no rental wants, with when a comparison first found them.</summary>
    public static Task<List<SeenStray>> NoteStraysAsync(
        this NpgsqlDataSource database, string grid, Guid[] listed, DateTimeOffset begunAt, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(NoteStrays, grid, listed, begunAt);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.RowsAsync(
                row => new SeenStray(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1)), cancellation).ConfigureAwait(false);
        },
        cancellation);

    public static Task<int> HurryUnseenAsync(
        this NpgsqlDataSource database, string grid, Guid[] seen, DateTimeOffset begunAt, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(HurryUnseen, grid, seen, begunAt), cancellation);

    public static async Task<int> OrderMissingAsync(
        this NpgsqlDataSource database, Provisioners provisioners, string grid, CancellationToken cancellation)
    {
        List<Guid> unordered = await database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(FindUnordered, grid, OrdersMax);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        (RentalId, ImageId?)[] wanted = [.. unordered.Select(id => (new RentalId(id), (ImageId?)null))];
        return wanted.Length == 0
            ? 0
            : await database.ChangeIfAvailableAsync(
                connection => new NpgsqlBatch(connection).ThenWantMachines(provisioners, wanted), cancellation).ConfigureAwait(false);
    }

    public static Task<int> EndComparisonAsync(
        this NpgsqlDataSource database, string grid, DateTimeOffset begunAt, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(End, grid).Then(ForgetStrays, grid, begunAt), cancellation);
}

/// <summary>A machine that no rental wants.</summary>
internal sealed record SeenStray(Guid RentalId, DateTimeOffset FirstSeenAt);
