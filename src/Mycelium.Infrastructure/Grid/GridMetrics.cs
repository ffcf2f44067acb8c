using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure.Grid;

/// <summary>What a pass over the grid leaves for the monitoring.</summary>
public sealed class GridMetrics
{
    private readonly Counter<long> rejected;
    private readonly Histogram<double> duration;
    private long rejectedCount;

    public GridMetrics(IMeterFactory meters)
    {
        Meter meter = meters.CreateMycelium();
        rejected = meter.CreateCounter<long>("mycelium_sync_rejected_total", description: "Records of the grid that were rejected");
        duration = meter.CreateHistogram<double>("mycelium_sync_duration_seconds", "s", "Duration of one pass over the grid");
    }

    /// <summary>Records rejected since this replica started.</summary>
    public long RejectedCount => Interlocked.Read(ref rejectedCount);

    internal void Reject(string what, IReadOnlyDictionary<RejectionReason, int> rejections)
    {
        foreach ((RejectionReason why, int count) in rejections)
        {
            Interlocked.Add(ref rejectedCount, count);
            rejected.Add(count, new("what", what), new("why", why.ToString()));
        }
    }

    internal void Record(SyncReport report) => duration.Record(report.Duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", report.Outcome.ToString()));
}
