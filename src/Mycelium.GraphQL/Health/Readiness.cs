using System.Net.Sockets;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.GraphQL.Health;

/// <summary>Whether this replica can serve. Asked at most once a second, so that probes cost nothing.</summary>
public sealed class Readiness(StoreGate gate, SyncStatus sync, EventTail tail, Restores restores, INodeTurns turns, JobRuns runs, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan kept = TimeSpan.FromSeconds(1);

    /// <summary>A database that takes longer than this for one row does not serve.</summary>
    private static readonly TimeSpan databaseTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Ten poll periods: subscribers would notice.</summary>
    private static readonly TimeSpan tailLagMax = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim asking = new(1);
    private ReadinessReport? last;
    private long lastAt;

    public async Task<ReadinessReport> ReadAsync(CancellationToken cancellation)
    {
        await asking.WaitAsync(cancellation);
        try
        {
            if (last is null || clock.GetElapsedTime(lastAt) >= kept)
            {
                last = await AskAsync(cancellation);
                lastAt = clock.GetTimestamp();
            }
            return last;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose() => asking.Dispose();

    private async Task<ReadinessReport> AskAsync(CancellationToken cancellation)
    {
        IReadOnlyList<SyncState>? grids = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(databaseTimeout);
        try
        {
            // Not waiting for the driver either: to cancel a command it asks the server, and a server that hangs does not answer that.
            grids = await sync.ReadAsync(limit.Token).WaitAsync(databaseTimeout, clock, cancellation);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or NpgsqlException or SocketException or IOException or TimeoutException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // Told as the status below.
        }

        TimeSpan tailLag = clock.GetUtcNow() - tail.LastReadAt;
        ReadinessStatus status = grids is null || tailLag > tailLagMax ? ReadinessStatus.Unavailable
            : turns.Mode == TurnMode.DbOnly || grids.Any(grid => grid.Shrink is { IsConfirmed: false }) ? ReadinessStatus.Degraded
            : ReadinessStatus.Ok;
        return new ReadinessReport(
            status, gate.ClosedBecause ?? (grids is null ? "does not answer" : "ok"), Name(turns.Mode), tail.LastReadAt == default ? null : Seconds(tailLag), restores.LastAt,
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
