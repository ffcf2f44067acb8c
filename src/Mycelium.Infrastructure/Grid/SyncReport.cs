namespace Mycelium.Infrastructure.Grid;

/// <summary>The result of one pass over a grid.</summary>
public sealed record SyncReport(SyncOutcome Outcome)
{
    public long Sequence { get; init; }
    public int FarmCount { get; init; }
    public int NodeCount { get; init; }

    /// <summary>Rows of farms and nodes that were written, those among them that only became fresher included.</summary>
    public int WrittenCount { get; init; }

    /// <summary>Nodes whose change is an event: subscribers receive it.</summary>
    public int ChangedCount { get; init; }

    /// <summary>Nodes that this pass, being complete, did not see.</summary>
    public int MissedCount { get; init; }

    public int RejectedCount { get; init; }
    public TimeSpan Duration { get; init; }

    /// <summary>Why the pass is not complete.</summary>
    public string? Reason { get; init; }
}

/// <summary>How a pass ended.</summary>
public enum SyncOutcome
{
    /// <summary>Everything was read, and the grid's own count agrees.</summary>
    Complete,

    /// <summary>What could be read was stored; nothing follows from what was not seen.</summary>
    Incomplete,

    /// <summary>Another replica is at it, or has been lately.</summary>
    NotDue,

    /// <summary>The pass took so long that another replica has taken the grid over; from then on it wrote nothing.</summary>
    LeaseLost,
}
