using Microsoft.Extensions.Options;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>How old our picture of each grid is, whichever replica made it.</summary>
public sealed class SyncStatus(NpgsqlDataSource database, IOptions<GridOptions> options)
{
    /// <summary>Grids that some replica was configured for, by number.</summary>
    public Task<IReadOnlyList<SyncState>> ReadAsync(CancellationToken cancellation) => database.UseAsync<IReadOnlyList<SyncState>>(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(
                """
                SELECT name, last_completed_at, market_now() - last_completed_at, last_error, node_count,
                       shrink_known_count, shrink_remaining_count, shrink_since, shrink_confirmed_count IS NOT NULL
                FROM grid_syncs JOIN grids ON number = grid_number ORDER BY number
                """);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.RowsAsync(Read, cancellation).ConfigureAwait(false);
        },
        cancellation);

    private SyncState Read(NpgsqlDataReader row)
    {
        TimeSpan? age = row.IsDBNull(2) ? null : row.GetFieldValue<TimeSpan>(2);
        return new SyncState(
            row.GetString(0),
            age is null ? GridStatus.NeverRead : age <= options.Value.BehindAfter ? GridStatus.UpToDate : GridStatus.Behind,
            row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
            age,
            row.IsDBNull(3) ? null : row.GetString(3),
            row.GetInt32(4),
            row.IsDBNull(5) ? null : new GridShrink(row.GetInt32(5), row.GetInt32(6), row.GetFieldValue<DateTimeOffset>(7), row.GetBoolean(8)));
    }
}

/// <param name="Grid">The grid's name.</param>
/// <param name="Status">What follows from <paramref name="Age"/>.</param>
/// <param name="LastCompletedAt">The end of the last complete pass; null before the first.</param>
/// <param name="Age">Since then, by the database's clock.</param>
/// <param name="LastError">Why the last pass was not complete; null when it was.</param>
/// <param name="NodeCount">Nodes that the last complete pass saw.</param>
/// <param name="Shrink">More than half of the nodes are missing at once; null when not.</param>
public sealed record SyncState(
    string Grid, GridStatus Status, DateTimeOffset? LastCompletedAt, TimeSpan? Age, string? LastError, int NodeCount, GridShrink? Shrink);
