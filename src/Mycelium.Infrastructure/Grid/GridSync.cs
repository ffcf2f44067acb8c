using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Passes over one grid: farms, then nodes, page by page; each page is compared with what is stored and only differences are written. Observed facts
/// only. A pass that is not complete stores what it could read and concludes nothing from what it did not see.
/// </summary>
public sealed partial class GridSync(
    GridAddress address, PassSlots slots, GridDirectory directory, NpgsqlDataSource database, IDbContextFactory<MyceliumDb> stored, GridOptions settings,
    GridMetrics metrics, TimeProvider clock, ILogger<GridSync> logger) : IDisposable
{
    private readonly GridProxyClient client = new(address, settings, clock);

    /// <summary>The name of the grid.</summary>
    public string Grid => address.Name;

    /// <summary>Of a pass whose end could not be recorded: released before the next, or the grid would wait for it to expire.</summary>
    private SyncLease? unreleased;

    /// <param name="notWithin">Does nothing when any replica has begun a pass over this grid less than this ago.</param>
    /// <param name="cancellation">Ends the pass after its current step.</param>
    public async Task<SyncReport> RunAsync(TimeSpan notWithin, CancellationToken cancellation)
    {
        using PassSlots.PassSlot slot = await slots.TakeAsync(cancellation).ConfigureAwait(false);
        GridIdentity grid = await directory.EnrolAsync(address.Name, cancellation).ConfigureAwait(false);
        if (unreleased is { } left)
        {
            await left.ReleaseAsync(cancellation).ConfigureAwait(false);
            unreleased = null;
        }
        if (await SyncLease.TryTakeAsync(database, grid, notWithin, clock, cancellation).ConfigureAwait(false) is not { } lease)
            return new SyncReport(SyncOutcome.NotDue);

        long begun = clock.GetTimestamp();
        var pass = new GridPass(lease, slot, settings.PageSize, new UptimeSampling(database, lease.Moment.At));
        try
        {
            await ReadAsync(pass, pass.Farms, "farms", client.FarmsAsync, farm => farm.Id.Number, TakeFarmsAsync, cancellation).ConfigureAwait(false);
            await FindFarmsAsync(pass, cancellation).ConfigureAwait(false);
            await ReadAsync(pass, pass.Nodes, "nodes", client.NodesAsync, node => node.Id.Number, TakeNodesAsync, cancellation).ConfigureAwait(false);
            await ConcludeAsync(pass, cancellation).ConfigureAwait(false);
            SyncReport report = pass.Report(clock.GetElapsedTime(begun));
            await lease.EndAsync(report, CancellationToken.None).ConfigureAwait(false); // All is done: a replica that stops now still says so.
            LogPass(address.Name, report);
            return Measured(report);
        }
        catch (SyncLeaseLostException lost)
        {
            LogLeaseLost(lost.Message);
            return Measured(Broken(SyncOutcome.LeaseLost, lost));
        }
        catch (OperationCanceledException cancelled) when (cancellation.IsCancellationRequested)
        {
            Measured(Broken(SyncOutcome.Incomplete, cancelled));
            await TryAsync(lease, lease.ReleaseAsync(CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
        catch (Exception failure)
        {
            await TryAsync(lease, lease.EndAsync(Measured(Broken(SyncOutcome.Incomplete, failure)), CancellationToken.None)).ConfigureAwait(false);
            throw;
        }

        SyncReport Broken(SyncOutcome outcome, Exception failure) =>
            pass.Report(clock.GetElapsedTime(begun)) with { Outcome = outcome, Reason = Sentence(failure) };
    }

    public void Dispose() => client.Dispose();

    private SyncReport Measured(SyncReport report)
    {
        metrics.Record(address.Name, report);
        return report;
    }

    private async Task ReadAsync<T>(
        GridPass pass, GridScan scan, string what, Func<int, GridMoment, CancellationToken, Task<GridPage<T>>> read, Func<T, long> id,
        Func<GridPass, IReadOnlyList<T>, CancellationToken, Task> take, CancellationToken cancellation)
    {
        for (int number = 1; !scan.IsEnded; number++)
        {
            await pass.Lease.RenewAsync(cancellation).ConfigureAwait(false);
            try
            {
                GridPage<T> page = await pass.Slot.WaitForAsync(
                    read(number, pass.Moment, cancellation), () => pass.Lease.RenewAsync(cancellation), cancellation).ConfigureAwait(false);
                metrics.Reject(address.Name, what, page.Rejections);
                Disbelieve(pass, page.Flaws);
                IReadOnlyList<T> fresh = scan.Accept(number, page, id);
                if (fresh.Count > 0)
                    await take(pass, fresh, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is GridUnavailableException || PostgresFailures.IsContention(failure))
            {
                LogPageLost(address.Name, what, number, failure.Message);
                scan.Fail($"{what}, page {number}: {Sentence(failure)}");
            }
        }
    }

    /// <summary>Counts the misses of a complete pass, and writes down what was not believed.</summary>
    private async Task ConcludeAsync(GridPass pass, CancellationToken cancellation)
    {
        if (pass.Trouble is null)
        {
            GridNumber grid = pass.Moment.Grid.Number;
            HashSet<long> here = await IdsAsync(
                "SELECT id FROM nodes WHERE id BETWEEN @first AND @last AND missed_passes < @vanishing", pass.Moment.Grid, cancellation).ConfigureAwait(false);
            int knownCount = here.Count;
            here.ExceptWith(pass.Nodes.Seen.Where(GridNumber.IsOwnNumber).Select(number => NodeId.Of(grid, number).Value));
            bool isBelieved = await pass.Lease.WriteAsync(
                connection => GridShrinks.JudgeAsync(connection, pass.Moment.Grid, knownCount, missingCount: here.Count, cancellation),
                cancellation).ConfigureAwait(false);
            if (!isBelieved)
                pass.Doubt(
                    $"The grid no longer lists {here.Count} of {knownCount} nodes: "
                    + "more than half at once is not believed before an operator confirms it (confirmGridShrink).");
            else if (here.Count > 0)
                pass.MissedCount = await pass.Lease.WriteAsync(
                    connection => GridTables.MissAsync(connection, [.. here], pass.Moment.Sequence, cancellation), cancellation).ConfigureAwait(false);
        }
        await pass.Lease.WriteAsync(
            connection => pass.Flaws.WriteAsync(connection, pass.Moment, settings.FreshnessStep, isComplete: pass.Trouble is null, cancellation),
            cancellation).ConfigureAwait(false);
    }

    private async Task<HashSet<long>> IdsAsync(string sql, GridIdentity grid, CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand(sql);
        command.Parameters.AddWithValue("first", grid.Number.Ids.First);
        command.Parameters.AddWithValue("last", grid.Number.Ids.Last);
        command.Parameters.AddWithValue("vanishing", GridNode.MissedPassesMax);
        var ids = new HashSet<long>();
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            ids.Add(rows.GetInt64(0));
        return ids;
    }

    private void Disbelieve(GridPass pass, IReadOnlyList<FlawSeen> flaws)
    {
        metrics.Disbelieve(address.Name, flaws);
        pass.Flaws.Add(flaws);
    }

    /// <summary>What health and every caller of <c>grids</c> may read: a sentence of ours. The text of an exception is in the log.</summary>
    private static string Sentence(Exception failure) => failure switch
    {
        GridUnavailableException or SyncLeaseLostException => failure.Message,
        OperationCanceledException => "The replica that read the grid was stopped.",
        _ when PostgresFailures.IsContention(failure) => "Others kept its rows locked for too long.",
        _ => "The pass failed; the log of the replica that made it says why.",
    };

    /// <summary>The failure itself matters more than that it cannot be recorded; a lease that cannot be released expires.</summary>
    private async Task TryAsync(SyncLease lease, Task ending)
    {
        try
        {
            await ending.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException or StoreUnavailableException)
        {
            unreleased = lease; // The store is what failed.
        }
    }

    [LoggerMessage(LogLevel.Information, "Pass over grid {Grid}: {Report}")]
    private partial void LogPass(string grid, SyncReport report);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void LogLeaseLost(string reason);

    [LoggerMessage(LogLevel.Warning, "Grid {Grid}: page {Number} of its {What} is not taken over: {Reason}")]
    private partial void LogPageLost(string grid, string what, int number, string reason);
}
