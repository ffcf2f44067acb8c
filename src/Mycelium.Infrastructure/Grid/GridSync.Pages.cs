using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Slices;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>How a pass processes one page.</summary>
public sealed partial class GridSync
{
    private async Task TakeFarmsAsync(GridPass pass, IReadOnlyList<FarmObservation> page, CancellationToken cancellation)
    {
        await using MyceliumDb db = await stored.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        FarmId[] ids = [.. page.Select(farm => farm.Id)];
        Dictionary<FarmId, Farm> known = await db.Farms.AsNoTracking().Where(farm => ids.Contains(farm.Id))
            .ToDictionaryAsync(farm => farm.Id, cancellation).ConfigureAwait(false);

        pass.DoubtfulFarms.UnionWith(page.Where(farm => farm.IsDoubtful).Select(farm => farm.Id.Value));
        var different = new List<Farm>();
        foreach (FarmObservation seen in page)
        {
            if (known.TryGetValue(seen.Id, out Farm? farm))
            {
                DateTimeOffset before = farm.CapacityAsOf;
                if (farm.Observe(seen) | IsStale(before, pass))
                    different.Add(farm);
            }
            else if (!seen.IsDoubtful)
                different.Add(new Farm(seen));
        }
        if (different.Count > 0)
            pass.WrittenCount += await pass.Lease.WriteAsync(
                connection => GridTables.WriteFarmsAsync(connection, different, cancellation), cancellation).ConfigureAwait(false);
    }

    /// <summary>Which farms nodes can be of, and which of them keep an owner whom their grid does not name, after all farms were read.</summary>
    private async Task FindFarmsAsync(GridPass pass, CancellationToken cancellation)
    {
        await using MyceliumDb db = await stored.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        var flaws = new List<FlawSeen>();
        foreach (var farm in await db.Farms.Where(farm => farm.Grid == address.Name)
            .Select(farm => new { farm.Id, farm.IsDedicated, farm.TwinId, farm.KeptByTwinId }).ToListAsync(cancellation).ConfigureAwait(false))
        {
            if (farm.KeptByTwinId is not null)
                flaws.Add(new FlawSeen(
                    GridFlawSubject.Farm, farm.Id.Number, "twinId", GridFlawReason.UnlinkedTwin, farm.TwinId.ToString(CultureInfo.InvariantCulture)));
            if (!pass.DoubtfulFarms.Contains(farm.Id.Value))
                pass.FarmDedications.Add(farm.Id.Value, farm.IsDedicated);
        }
        Disbelieve(pass, flaws);
    }

    private async Task TakeNodesAsync(GridPass pass, IReadOnlyList<NodeObservation> page, CancellationToken cancellation)
    {
        NodeId[] ids = [.. page.Select(node => node.Id)];
        await using MyceliumDb db = await stored.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        Dictionary<NodeId, GridNode> known = await db.GridNodes.AsNoTracking().Where(node => ids.Contains(node.Id))
            .ToDictionaryAsync(node => node.Id, cancellation).ConfigureAwait(false);
        // After the page was read: a machine whose rental has ended since then is not subtracted, which sells too little for one pass, and never too much.
        ILookup<NodeId, MachineUse> deployed = await database.DeployedOnAsync(ids, cancellation).ConfigureAwait(false);
        NodeObservation[] ours =
        [
            .. WithFarms(pass, page).Where(node => node.IsWhole || known.ContainsKey(node.Id)).Select(node => node with { Own = OwnIn(node, known, deployed) }),
        ];

        NodeObservation[] sampled = [.. ours.Where(node => (node.Unread & NodeFacts.Status) == 0)];
        Dictionary<long, double?> due = await pass.Sampling.DueAsync(sampled, cancellation).ConfigureAwait(false);
        List<ChangedNode> rows = Differences(pass, ours, known, due);
        (long, bool)[] samples = [.. sampled.Where(node => due.ContainsKey(node.Id.Value)).Select(node => (node.Id.Value, Uptime.IsUp(node.Status)))];
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

    /// <summary>A report without a plausible instant is taken for the one before it.</summary>
    private static Capacity OwnIn(NodeObservation seen, Dictionary<NodeId, GridNode> known, ILookup<NodeId, MachineUse> deployed)
    {
        DateTimeOffset reportedAt = (seen.Unread & NodeFacts.LastReport) == 0 ? seen.LastReportAt
            : known.TryGetValue(seen.Id, out GridNode? node) ? node.LastReportAt : DateTimeOffset.MinValue;
        return OwnUse.In(deployed[seen.Id], reportedAt);
    }

    /// <summary>
    /// A node of a farm that the grid does not list credibly is in doubt: its owner is not known. A dedicated farm makes its nodes dedicated.
    /// </summary>
    private List<NodeObservation> WithFarms(GridPass pass, IReadOnlyList<NodeObservation> page)
    {
        var nodes = new List<NodeObservation>(page.Count);
        var flaws = new List<FlawSeen>();
        foreach (NodeObservation node in page)
        {
            if ((node.Unread & NodeFacts.Farm) != 0)
                nodes.Add(node);
            else if (pass.FarmDedications.TryGetValue(node.FarmId.Value, out bool isDedicated))
                nodes.Add(isDedicated ? node with { IsDedicated = true, Unread = node.Unread & ~NodeFacts.Dedication } : node);
            else
            {
                nodes.Add(node with { Unread = node.Unread | NodeFacts.Farm });
                flaws.Add(new FlawSeen(GridFlawSubject.Node, node.Id.Number, "farmId", GridFlawReason.UnknownFarm, node.FarmId.ToString()));
            }
        }
        if (flaws.Count > 0)
            metrics.Reject(address.Name, "nodes", new Dictionary<GridFlawReason, int> { [GridFlawReason.UnknownFarm] = flaws.Count });
        Disbelieve(pass, flaws);
        return nodes;
    }

    /// <summary>The rows to write: changes that become events, counters that only moved with a report, and rows that would look older than they are.</summary>
    private List<ChangedNode> Differences(GridPass pass, NodeObservation[] page, Dictionary<NodeId, GridNode> known, Dictionary<long, double?> uptimes)
    {
        var rows = new List<ChangedNode>();
        foreach (NodeObservation seen in page)
        {
            if (known.TryGetValue(seen.Id, out GridNode? node))
            {
                (DateTimeOffset asOf, DateTimeOffset report, long uptime, int misses) =
                    (node.CapacityAsOf, node.LastReportAt, node.UptimeSeconds, node.MissedPasses);
                bool isEvent = node.Observe(seen) != NodeChange.None;
                isEvent |= uptimes.TryGetValue(seen.Id.Value, out double? percent) && node.RecordUptime(percent);
                if (isEvent || misses > 0 || report != node.LastReportAt || uptime != node.UptimeSeconds || (asOf != node.CapacityAsOf && IsStale(asOf, pass)))
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

    private bool IsStale(DateTimeOffset asOf, GridPass pass) => pass.Moment.At - asOf >= settings.FreshnessStep;
}
