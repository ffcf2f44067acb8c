using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>How old our picture of the grid is, whichever replica made it: for health and for those who ask.</summary>
public sealed class SyncStatus(NpgsqlDataSource database, GridMetrics metrics)
{
    public async Task<SyncState> ReadAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(
            "SELECT last_started_at, last_completed_at, clock_timestamp() - last_completed_at, last_error FROM sync_state");
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await row.ReadAsync(cancellation).ConfigureAwait(false);
        return new SyncState(
            row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0),
            row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1),
            row.IsDBNull(2) ? null : row.GetFieldValue<TimeSpan>(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            metrics.RejectedCount);
    }
}

/// <param name="Age">Since the last complete pass; null before the first.</param>
/// <param name="LastError">Why the last pass was not complete; null when it was.</param>
/// <param name="RejectedCount">Records that this replica did not believe since it started.</param>
public sealed record SyncState(DateTimeOffset? LastStartedAt, DateTimeOffset? LastCompletedAt, TimeSpan? Age, string? LastError, long RejectedCount);
