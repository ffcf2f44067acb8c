namespace Mycelium.Infrastructure.Grid;

/// <summary>What one pass knows while it runs.</summary>
internal sealed class GridPass(SyncLease lease, PassSlots.PassSlot slot, int pageSize, UptimeSampling sampling)
{
    private string? doubt;

    public SyncLease Lease => lease;
    public PassSlots.PassSlot Slot => slot;
    public GridMoment Moment => lease.Moment;
    public UptimeSampling Sampling => sampling;
    public GridScan Farms { get; } = new(pageSize);
    public GridScan Nodes { get; } = new(pageSize);

    /// <summary>The farms that nodes can be of, and whether each is dedicated.</summary>
    public Dictionary<long, bool> FarmDedications { get; } = [];

    /// <summary>Farms for which the grid names no credible owner.</summary>
    public HashSet<long> DoubtfulFarms { get; } = [];

    /// <summary>What was not believed.</summary>
    public GridFlaws Flaws { get; } = new();

    public int WrittenCount { get; set; }
    public int ChangedCount { get; set; }
    public int MissedCount { get; set; }

    /// <summary>Why nothing follows from what this pass did not see; null when all was seen.</summary>
    public string? Trouble => Nodes.Trouble ?? Farms.Trouble ?? doubt;

    /// <summary>All was read and counted, and still cannot be.</summary>
    public void Doubt(string reason) => doubt ??= reason;

    public SyncReport Report(TimeSpan duration) => new(Trouble is null ? SyncOutcome.Complete : SyncOutcome.Incomplete)
    {
        Sequence = Moment.Sequence,
        FarmCount = Farms.Seen.Count,
        NodeCount = Nodes.Seen.Count,
        WrittenCount = WrittenCount,
        ChangedCount = ChangedCount,
        MissedCount = MissedCount,
        RejectedCount = Farms.RejectedCount + Nodes.RejectedCount,
        Duration = duration,
        Reason = Trouble,
    };
}
