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
/// only. A pass that is not complete takes over what it could read and concludes nothing from what it did not see.
/// </summary>
public sealed partial class GridSync(
    GridAddress address, PassSlots slots, GridDirectory directory, NpgsqlDataSource database, IDbContextFactory<MyceliumDb> stored, GridOptions settings, GridMetrics metrics,
    TimeProvider clock, ILogger<GridSync> logger) : IDisposable
{
    private readonly GridProxyClient client = new(address, settings, clock);

    /// <summary>The name of the grid.</summary>
    public string Grid => address.Name;

    /// <param name="notWithin">Does nothing when any replica has begun a pass over this grid less than this ago.</param>
    /// <param name="cancellation">Ends the pass after its current step.</param>
    public async Task<SyncReport> RunAsync(TimeSpan notWithin, CancellationToken cancellation)
    {
        using PassSlots.PassSlot slot = await slots.TakeAsync(cancellation).ConfigureAwait(false);
        GridIdentity grid = await directory.EnrolAsync(address.Name, cancellation).ConfigureAwait(false);
        if (await SyncLease.TryTakeAsync(database, grid, notWithin, clock, cancellation).ConfigureAwait(false) is not { } lease)
            return new SyncReport(SyncOutcome.NotDue);

        long begun = clock.GetTimestamp();
        var pass = new GridPass(lease, slot, settings.PageSize, new UptimeSampling(database, lease.Moment.At));
        try
        {
            await ReadAsync(pass, pass.Farms, "farms", client.FarmsAsync, farm => farm.Id.Number, TakeFarmsAsync, cancellation).ConfigureAwait(false);
            pass.KnownFarms.UnionWith(await IdsAsync("SELECT id FROM farms WHERE id BETWEEN @first AND @last", grid, cancellation).ConfigureAwait(false));
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
            await TryAsync(lease.ReleaseAsync(CancellationToken.None)).ConfigureAwait(false);
            throw;
        }
        catch (Exception failure)
        {
            await TryAsync(lease.EndAsync(Measured(Broken(SyncOutcome.Incomplete, failure)), CancellationToken.None)).ConfigureAwait(false);
            throw;
        }

        SyncReport Broken(SyncOutcome outcome, Exception failure) => pass.Report(clock.GetElapsedTime(begun)) with { Outcome = outcome, Reason = failure.Message };
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
                IReadOnlyList<T> fresh = scan.Accept(number, page, id);
                if (fresh.Count > 0)
                    await take(pass, fresh, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is GridUnavailableException || PostgresFailures.IsContention(failure))
            {
                LogPageLost(address.Name, what, number, failure.Message);
                scan.Fail($"{what}, page {number}: {failure.Message}");
            }
        }
    }

    private async Task TakeFarmsAsync(GridPass pass, IReadOnlyList<FarmObservation> page, CancellationToken cancellation)
    {
        await using MyceliumDb db = await stored.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        FarmId[] ids = [.. page.Select(farm => farm.Id)];
        Dictionary<FarmId, Farm> known = await db.Farms.AsNoTracking().Where(farm => ids.Contains(farm.Id)).ToDictionaryAsync(farm => farm.Id, cancellation).ConfigureAwait(false);

        var different = new List<Farm>();
        foreach (FarmObservation seen in page)
        {
            if (!known.TryGetValue(seen.Id, out Farm? farm))
                different.Add(new Farm(seen));
            else if (farm.CapacityAsOf is var before && (farm.Observe(seen) | IsStale(before, pass)))
                different.Add(farm);
        }
        if (different.Count > 0)
            pass.WrittenCount += await pass.Lease.WriteAsync(connection => GridTables.WriteFarmsAsync(connection, different, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task TakeNodesAsync(GridPass pass, IReadOnlyList<NodeObservation> page, CancellationToken cancellation)
    {
        NodeObservation[] ours = [.. page.Where(node => pass.KnownFarms.Contains(node.FarmId.Value))];
        if (ours.Length < page.Count)
            metrics.Reject(address.Name, "nodes", new Dictionary<RejectionReason, int> { [RejectionReason.UnknownFarm] = page.Count - ours.Length });

        Dictionary<long, double?> due = await pass.Sampling.DueAsync(ours, cancellation).ConfigureAwait(false);
        List<ChangedNode> rows = await DifferencesAsync(pass, ours, due, cancellation).ConfigureAwait(false);
        (long, bool)[] samples = [.. ours.Where(node => due.ContainsKey(node.Id.Value)).Select(node => (node.Id.Value, Uptime.IsUp(node.Status)))];
        if (rows.Count == 0 && samples.Length == 0)
            return;

        pass.ChangedCount += rows.Count(row => row.IsEvent);
        pass.WrittenCount += await pass.Lease.WriteAsync(
            async connection =>
            {
                int written = rows.Count == 0 ? 0 : await GridTables.WriteNodesAsync(connection, rows, cancellation).ConfigureAwait(false);
                if (samples.Length > 0)
                    await GridTables.WriteSamplesAsync(connection, pass.Sampling.Slot, samples, cancellation).ConfigureAwait(false);
                return written;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>The rows to write: changes that become events, counters that only moved with a report, and rows that would look older than they are.</summary>
    private async Task<List<ChangedNode>> DifferencesAsync(GridPass pass, NodeObservation[] page, Dictionary<long, double?> uptimes, CancellationToken cancellation)
    {
        await using MyceliumDb db = await stored.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        NodeId[] ids = [.. page.Select(node => node.Id)];
        Dictionary<NodeId, GridNode> known = await db.GridNodes.AsNoTracking().Where(node => ids.Contains(node.Id)).ToDictionaryAsync(node => node.Id, cancellation).ConfigureAwait(false);

        var rows = new List<ChangedNode>();
        foreach (NodeObservation seen in page)
        {
            if (known.TryGetValue(seen.Id, out GridNode? node))
            {
                (DateTimeOffset asOf, DateTimeOffset report, long uptime, int misses) = (node.CapacityAsOf, node.LastReportAt, node.UptimeSeconds, node.MissedPasses);
                bool isEvent = node.Observe(seen) != NodeChange.None;
                isEvent |= uptimes.TryGetValue(seen.Id.Value, out double? percent) && node.RecordUptime(percent);
                if (isEvent || misses > 0 || report != node.LastReportAt || uptime != node.UptimeSeconds || IsStale(asOf, pass))
                    rows.Add(new ChangedNode(node, isEvent));
            }
            else
            {
                var discovered = GridNode.Discover(seen);
                discovered.RecordUptime(uptimes.GetValueOrDefault(seen.Id.Value));
                rows.Add(new ChangedNode(discovered, IsEvent: true));
            }
        }
        return rows;
    }

    /// <summary>Counts the misses of a complete pass.</summary>
    private async Task ConcludeAsync(GridPass pass, CancellationToken cancellation)
    {
        if (pass.Trouble is null)
        {
            GridNumber grid = pass.Moment.Grid.Number;
            HashSet<long> here = await IdsAsync("SELECT id FROM nodes WHERE id BETWEEN @first AND @last AND missed_passes < @vanishing", pass.Moment.Grid, cancellation).ConfigureAwait(false);
            int hereCount = here.Count;
            here.ExceptWith(pass.Nodes.Seen.Where(GridNumber.IsOwnNumber).Select(number => NodeId.Of(grid, number).Value));
            if (here.Count > Math.Max(10, hereCount / 2))
                pass.Doubt($"The grid no longer lists {here.Count} of {hereCount} nodes: more than half at once is not believed.");
            else if (here.Count > 0)
                pass.MissedCount = await pass.Lease.WriteAsync(connection => GridTables.MissAsync(connection, [.. here], pass.Moment.Sequence, cancellation), cancellation).ConfigureAwait(false);
        }
        await pass.Lease.WriteAsync(connection => GridTables.DeleteOldSamplesAsync(connection, pass.Sampling.FirstSlot, cancellation), cancellation).ConfigureAwait(false);
    }

    private bool IsStale(DateTimeOffset asOf, GridPass pass) => pass.Moment.At - asOf >= settings.FreshnessStep;

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

    /// <summary>The failure itself matters more than that it cannot be recorded; a lease that cannot be given back runs out.</summary>
    private static async Task TryAsync(Task ending)
    {
        try
        {
            await ending.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or InvalidOperationException)
        {
            // The store is what failed.
        }
    }

    [LoggerMessage(LogLevel.Information, "Pass over grid {Grid}: {Report}")]
    private partial void LogPass(string grid, SyncReport report);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    private partial void LogLeaseLost(string reason);

    [LoggerMessage(LogLevel.Warning, "Grid {Grid}: page {Number} of its {What} is not taken over: {Reason}")]
    private partial void LogPageLost(string grid, string what, int number, string reason);
}
