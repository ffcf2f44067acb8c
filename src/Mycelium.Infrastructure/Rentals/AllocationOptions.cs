namespace Mycelium.Infrastructure.Rentals;

/// <summary>How a crowd at one node is served, and how rentals end: section <c>Allocation</c>.</summary>
public sealed class AllocationOptions
{
    public const string Section = "Allocation";

    /// <summary>Callers that may wait for one node in one replica: a hot drop of several hundred gets an answer, an attack gets a refusal at once.</summary>
    public int QueueMax { get; set; } = 1_000;

    /// <summary>Callers of one node served by one transaction: it takes about 20 ms then, and others get their turn in between.</summary>
    public int BatchMax { get; set; } = 100;

    /// <summary>Callers of all nodes served by one transaction: above <see cref="BatchMax"/>, so that a crowd at one node leaves room for others.</summary>
    public int RoundMax { get; set; } = 150;

    /// <summary>
    /// Transactions for many nodes that one replica runs at a time: while one is flushed to disk or is with us, PostgreSQL works for the other. The second one begins
    /// with half of the crowd. With more of them rounds become small, and what a round costs by itself is paid more often.
    /// </summary>
    public int RoundsAtOnce { get; set; } = 2;

    /// <summary>How long a caller may wait to be served before being told that the node is contended.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>What a caller who was told so is advised to wait.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often to look for rentals whose term is over: the most that a slice is held too long.</summary>
    public TimeSpan ExpiryPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Rentals that one transaction ends: their nodes' and wallets' locks are held together, for a fraction of a second.</summary>
    public int ExpiryBatch { get; set; } = 500;
}
