using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// The right to pass over one grid: a row of <c>grid_syncs</c> with an end. Taking it draws the pass's sequence; every transaction of the pass first checks
/// that its sequence is still the last, and keeps the row from changing until it ends. So a holder that comes back after its lease was taken over writes
/// nothing, and a lease costs no connection between two pages.
/// </summary>
internal sealed class SyncLease
{
    /// <summary>
    /// How long a grid waits for another replica after its holder died. A lease is up to <see cref="RenewalInterval"/> old when a request begins and is renewed
    /// when the answer has come, so a slow grid does not lose it.
    /// </summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(60);

    /// <summary>A pass over a healthy grid takes a few seconds and never renews.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(10);

    /// <summary>The longest request: it ends 10 s before a lease that was not renewed just before it.</summary>
    public static readonly TimeSpan RequestTimeoutMax = Life - RenewalInterval - TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private long renewedAt;

    private SyncLease(NpgsqlDataSource database, TimeProvider clock, GridMoment moment) =>
        (this.database, this.clock, Moment, renewedAt) = (database, clock, moment, clock.GetTimestamp());

    /// <summary>Drawn before anything is read from the grid.</summary>
    public GridMoment Moment { get; }

    /// <summary>Null when another replica has it, or has begun a pass less than <paramref name="notWithin"/> ago and ended it.</summary>
    public static Task<SyncLease?> TryTakeAsync(
        NpgsqlDataSource database, GridIdentity grid, TimeSpan notWithin, TimeProvider clock, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            // A row that is locked belongs to a pass that is writing, or to a replica that takes the lease at this moment.
            await using var take = new NpgsqlCommand(
                """
                UPDATE grid_syncs SET last_sequence = nextval('sync_sequence'), last_started_at = market_now(), lease_expires_at = market_now() + @life
                WHERE grid_number = (
                    SELECT grid_number FROM grid_syncs
                    WHERE grid_number = @grid AND CASE
                        WHEN lease_expires_at IS NOT NULL THEN lease_expires_at <= market_now()
                        ELSE last_started_at IS NULL OR last_started_at <= market_now() - @age END
                    FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING last_sequence, last_started_at
                """,
                connection);
            take.Parameters.AddWithValue("grid", grid.Number.Value);
            take.Parameters.AddWithValue("life", Life);
            take.Parameters.AddWithValue("age", notWithin);
            await using NpgsqlDataReader row = await take.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await row.ReadAsync(cancellation).ConfigureAwait(false)
                ? new SyncLease(database, clock, new GridMoment(grid, row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(0)))
                : null;
        },
        cancellation);

    /// <summary>Work of one transaction, or nothing. Right to do again: a dead connection is replaced once.</summary>
    /// <remarks>
    /// A row that another transaction has locked is not waited for long: callers who rent a node of the page wait in the meantime, and the next pass comes
    /// soon.
    /// </remarks>
    /// <exception cref="SyncLeaseLostException">Another replica has taken the grid over. Nothing was written.</exception>
    public Task<T> WriteAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (var fence = new NpgsqlCommand(
                """
                SET LOCAL lock_timeout = '1s'; SET LOCAL statement_timeout = '30s';
                SELECT true FROM grid_syncs WHERE grid_number = @grid AND last_sequence = @sequence AND last_started_at = @started FOR SHARE;
                """,
                connection))
            {
                AddPass(fence);
                if (await fence.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is not true)
                    throw new SyncLeaseLostException(Moment);
            }
            T result = await work(connection).ConfigureAwait(false);
            await transaction.CommitAsync(cancellation).ConfigureAwait(false);
            return result;
        },
        cancellation);

    /// <summary>Gives the pass its full time again, unless that was done a moment ago.</summary>
    /// <exception cref="SyncLeaseLostException">Another replica has taken the grid over.</exception>
    public async Task RenewAsync(CancellationToken cancellation)
    {
        if (clock.GetElapsedTime(renewedAt) < RenewalInterval)
            return;
        long begun = clock.GetTimestamp(); // The database counts from later than this.
        if (await UpdateAsync("lease_expires_at = market_now() + @life", [new("life", Life)], cancellation).ConfigureAwait(false) == 0)
            throw new SyncLeaseLostException(Moment);
        renewedAt = begun;
    }

    /// <summary>Records how the pass ended, for every replica, and releases the lease. Nothing when another replica holds it by now.</summary>
    public Task EndAsync(SyncReport report, CancellationToken cancellation) => UpdateAsync(
        """
        lease_expires_at = NULL, last_error = @reason,
        last_completed_at = CASE WHEN @complete THEN market_now() ELSE last_completed_at END,
        node_count = CASE WHEN @complete THEN @nodes ELSE node_count END
        """,
        [
            new("reason", NpgsqlTypes.NpgsqlDbType.Text) { Value = (object?)report.Reason ?? DBNull.Value },
            new("complete", report.Outcome == SyncOutcome.Complete),
            new("nodes", report.NodeCount),
        ],
        cancellation);

    /// <summary>Gives the lease back without a result, as if the pass had never begun: the grid is due for the next replica at once.</summary>
    public Task ReleaseAsync(CancellationToken cancellation) => UpdateAsync("lease_expires_at = NULL, last_started_at = NULL", [], cancellation);

    private Task<int> UpdateAsync(string assignments, NpgsqlParameter[] parameters, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using var update = new NpgsqlCommand(
                $"UPDATE grid_syncs SET {assignments} WHERE grid_number = @grid AND last_sequence = @sequence AND last_started_at = @started", connection);
            AddPass(update);
            foreach (NpgsqlParameter parameter in parameters)
                update.Parameters.Add(parameter.Clone()); // The work may be done twice.
            return await update.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    private void AddPass(NpgsqlCommand command)
    {
        command.Parameters.AddWithValue("grid", Moment.Grid.Number.Value);
        command.Parameters.AddWithValue("sequence", Moment.Sequence);
        command.Parameters.AddWithValue("started", Moment.At); // Sequences repeat in a database that was put back to an earlier time; instants do not.
    }
}

/// <summary>The lease of a pass ran out and another replica took the grid over. What the pass has written so far stays.</summary>
internal sealed class SyncLeaseLostException(GridMoment moment) : Exception(
    $"Pass {moment.Sequence} over grid {moment.Grid.Name} took so long that another replica has taken the grid over.");
