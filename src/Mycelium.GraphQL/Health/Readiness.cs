using System.Net.Sockets;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.GraphQL.Health;

/// <summary>Whether this replica can serve. It is checked at most once a second, so that probes cost nothing.</summary>
public sealed class Readiness(
    StoreGate gate, SyncStatus sync, EventTail tail, Restores restores, INodeTurns turns, JobRuns runs, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan cachedFor = TimeSpan.FromSeconds(1);

    /// <summary>A database that takes longer than this to return one row counts as unavailable.</summary>
    private static readonly TimeSpan databaseTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Ten poll periods; subscribers would notice a longer lag.</summary>
    private static readonly TimeSpan tailLagMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim reading = new(1);
    private ReadinessReport? last;
    private long lastAt;

    public async Task<ReadinessReport> ReadAsync(CancellationToken cancellation)
    {
        await reading.WaitAsync(cancellation);
        try
        {
            if (last is null || clock.GetElapsedTime(lastAt) >= cachedFor)
            {
                last = await AskAsync(cancellation);
                lastAt = clock.GetTimestamp();
            }
            return last;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private async Task<ReadinessReport> AskAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SyncState>? grids = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(databaseTimeout);
        try
        {
            // Does not wait for the driver either: it cancels a command by asking the server, and a hanging server does not respond to that.
            grids = await sync.ReadAsync(limit.Token).WaitAsync(databaseTimeout, clock, cancellation);
        }
        catch (Exception exception) when (
            exception is StoreUnavailableException or NpgsqlException or SocketException or IOException or TimeoutException or OperationCanceledException
            && !cancellation.IsCancellationRequested)
        {
            // The status below reports it.
        }

        TimeSpan tailLag = clock.GetUtcNow() - tail.LastReadAt;
        ReadinessStatus status = grids is null || tailLag > tailLagMax ? ReadinessStatus.Unavailable
            : turns.Mode == TurnMode.DbOnly || grids.Any(grid => grid.Shrink is { IsConfirmed: false }) ? ReadinessStatus.Degraded
            : ReadinessStatus.Ok;
        return new ReadinessReport(
            status,
            gate.ClosedBecause ?? (grids is null ? "does not respond" : "ok"),
            Name(turns.Mode),
            tail.LastReadAt == default ? null : Seconds(tailLag),
            restores.LastAt,
            [.. (grids ?? []).Select(grid => new GridReadiness(grid.Grid, grid.Age is { } age ? Seconds(age) : null, grid.LastError, grid.Shrink))],
            [.. runs.Read().Select(job => new JobReadiness(job.Name, job.SucceededAt is { } at ? Seconds(clock.GetUtcNow() - at) : null, job.HasFailed))]);
    }

    private static string Name(TurnMode mode) => mode switch
    {
        TurnMode.Redlock => "redlock",
        TurnMode.DbOnly => "db_only",
        _ => "in_process",
    };

    private static double Seconds(TimeSpan span) => Math.Round(span.TotalSeconds, 1);
}
