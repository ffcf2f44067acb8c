using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure.Grid;

/// <summary>What passes report to monitoring, each with the grid's name: as many series as there are configured grids.</summary>
public sealed class GridMetrics
{
    private readonly Counter<long> rejected;
    private readonly Counter<long> disbelieved;
    private readonly Histogram<double> duration;

    public GridMetrics(IMeterFactory meters)
    {
        Meter meter = meters.CreateMycelium();
        rejected = meter.CreateCounter<long>(
            "mycelium_sync_rejected_total", description: "Records of a grid that were rejected, or that leave open whether a node can be sold");
        disbelieved = meter.CreateCounter<long>("mycelium_sync_disbelieved_fields_total", description: "Fields of a grid's records that were not believed");
        duration = meter.CreateHistogram<double>("mycelium_sync_duration_seconds", "s", "Duration of one pass over a grid");
    }

    internal void Reject(string grid, string what, IReadOnlyDictionary<GridFlawReason, int> rejections)
    {
        foreach ((GridFlawReason why, int count) in rejections)
            rejected.Add(count, new("grid", grid), new("what", what), new("why", why.ToString()));
    }

    /// <summary>Fields are those that we read: some thirty.</summary>
    internal void Disbelieve(string grid, IReadOnlyList<FlawSeen> flaws)
    {
        foreach (var same in flaws.GroupBy(flaw => (flaw.Subject, flaw.Field, flaw.Reason)))
        {
            string what = same.Key.Subject == GridFlawSubject.Node ? "nodes" : "farms";
            disbelieved.Add(same.Count(), new("grid", grid), new("what", what), new("field", same.Key.Field), new("why", same.Key.Reason.ToString()));
        }
    }

    internal void Record(string grid, SyncReport report) =>
        duration.Record(report.Duration.TotalSeconds, new("grid", grid), new("outcome", report.Outcome.ToString()));
}
