namespace Mycelium.Infrastructure.Rentals;

/// <summary>How the allocation desk serves a crowd, and how rentals end: section <c>Allocation</c>.</summary>
public sealed class AllocationOptions
{
    public const string Section = "Allocation";

    /// <summary>Callers that may wait for one node in one replica. Several hundred at a popular node are served; an attack is refused immediately.</summary>
    public int QueueMax { get; set; } = 1_000;

    /// <summary>Callers of one node served by one transaction. At this size it takes about 20 ms, so other replicas get their turn in between.</summary>
    public int BatchMax { get; set; } = 100;

    /// <summary>
    /// Callers of all nodes served by one transaction. Above <see cref="BatchMax"/>, so that a crowd at one node leaves room for other nodes.
    /// </summary>
    public int RoundMax { get; set; } = 150;

    /// <summary>
    /// Rounds that one replica runs at once: while one is flushed to disk or handled by this process, PostgreSQL works on the other. The second one starts with
    /// half of the crowd. With more of them, rounds become small and their fixed cost is paid more often.
    /// </summary>
    public int RoundsAtOnce { get; set; } = 2;

    /// <summary>How long a caller may wait before it is refused with <c>NodeContended</c>.</summary>
    public TimeSpan WaitMax { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a caller refused with <c>NodeContended</c> is advised to wait before retrying.</summary>
    public TimeSpan RetryAfter { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often to look for rentals whose term is over: a slice is held this much too long at most.</summary>
    public TimeSpan ExpiryPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often to look for rentals to renew and hours to bill. A renewal has a day to succeed, and a metered rental runs while its hour is not billed yet.
    /// </summary>
    public TimeSpan BillingPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Rentals that one transaction ends. It locks all of their nodes and wallets for a fraction of a second.</summary>
    public int ExpiryBatch { get; set; } = 500;
}
