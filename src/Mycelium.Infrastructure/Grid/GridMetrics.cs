using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure.Grid;

/// <summary>What passes leave for monitoring, each with the grid's name: as many series as there are configured grids.</summary>
public sealed class GridMetrics
{
    private readonly Counter<long> rejected;
    private readonly Histogram<double> duration;

    public GridMetrics(IMeterFactory meters)
    {
        Meter meter = meters.CreateMycelium();
        rejected = meter.CreateCounter<long>("mycelium_sync_rejected_total", description: "Records of a grid that were rejected");
        duration = meter.CreateHistogram<double>("mycelium_sync_duration_seconds", "s", "Duration of one pass over a grid");
    }

    internal void Reject(string grid, string what, IReadOnlyDictionary<RejectionReason, int> rejections)
    {
        foreach ((RejectionReason why, int count) in rejections)
            rejected.Add(count, new("grid", grid), new("what", what), new("why", why.ToString()));
    }

    internal void Record(string grid, SyncReport report) =>
        duration.Record(report.Duration.TotalSeconds, new("grid", grid), new("outcome", report.Outcome.ToString()));
}
