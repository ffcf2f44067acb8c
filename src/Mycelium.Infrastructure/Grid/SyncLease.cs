using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// The right to be the one that passes over the grid: a lock of a PostgreSQL session, and the session itself. All that a pass writes goes through this
/// connection, so who loses the lock (its session ended) can write no more, however late it notices.
/// </summary>
internal sealed class SyncLease : IAsyncDisposable
{
    private const long LockKey = 7_301_977_010;
    private readonly NpgsqlConnection connection;

    private SyncLease(NpgsqlConnection connection, GridMoment moment) => (this.connection, Moment) = (connection, moment);

    /// <summary>Drawn before anything is read from the grid.</summary>
    public GridMoment Moment { get; }

    /// <summary>Null when another session has it, or has begun a pass less than <paramref name="notWithin"/> ago.</summary>
    public static async Task<SyncLease?> TryTakeAsync(NpgsqlDataSource database, TimeSpan notWithin, CancellationToken cancellation)
    {
        NpgsqlConnection connection = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        try
        {
            await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(@key)", connection);
            take.Parameters.AddWithValue("key", LockKey);
            if (await take.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
            {
                if (await BeginAsync(connection, notWithin, cancellation).ConfigureAwait(false) is { } moment)
                    return new SyncLease(connection, moment);
                await ReleaseAsync(connection).ConfigureAwait(false);
            }
        }
        catch
        {
            await ReleaseAsync(connection).ConfigureAwait(false); // The pool keeps the session, and with it the lock.
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        await connection.DisposeAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>
    /// Work of one transaction, or nothing. A row that a stranger keeps is not waited for long: whoever rents a node of the page waits meanwhile, and the
    /// next pass comes soon.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        await using (var bounds = new NpgsqlCommand("SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '30s'", connection))
            await bounds.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        T result = await work(connection).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
        return result;
    }

    /// <summary>Writes down how the pass ended, for every replica's health.</summary>
    public async Task EndAsync(SyncReport report, CancellationToken cancellation)
    {
        await using var end = new NpgsqlCommand(
            "UPDATE sync_state SET last_completed_at = CASE WHEN @complete THEN clock_timestamp() ELSE last_completed_at END, last_error = @reason", connection);
        end.Parameters.AddWithValue("complete", report.Outcome == SyncOutcome.Complete);
        end.Parameters.AddWithValue("reason", NpgsqlTypes.NpgsqlDbType.Text, (object?)report.Reason ?? DBNull.Value);
        await end.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseAsync(connection).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<GridMoment?> BeginAsync(NpgsqlConnection connection, TimeSpan notWithin, CancellationToken cancellation)
    {
        await using var begin = new NpgsqlCommand(
            """
            UPDATE sync_state SET last_sequence = nextval('sync_sequence'), last_started_at = clock_timestamp()
            WHERE last_started_at IS NULL OR last_started_at <= clock_timestamp() - @age
            RETURNING last_sequence, last_started_at
            """,
            connection);
        begin.Parameters.AddWithValue("age", notWithin);
        await using NpgsqlDataReader row = await begin.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await row.ReadAsync(cancellation).ConfigureAwait(false) ? new GridMoment(row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(0)) : null;
    }

    private static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock(@key)", connection);
            release.Parameters.AddWithValue("key", LockKey);
            await release.ExecuteNonQueryAsync().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            // The session is gone, and the lock with it.
        }
    }
}
