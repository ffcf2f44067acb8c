namespace Mycelium.Infrastructure.Events;

/// <summary>How events are numbered, kept and read: section <c>Events</c>.</summary>
public sealed class EventOptions
{
    public const string Section = "Events";

    /// <summary>Committed events get numbers at least this often, also when the wake-up was lost with its replica.</summary>
    public TimeSpan StampPeriod { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Events numbered in one transaction: short enough to delay no one, long enough for a burst.</summary>
    public int StampBatch { get; set; } = 1_000;

    /// <summary>New events are read at least this often, also without a hint: the cost of a lost hint.</summary>
    public TimeSpan PollPeriod { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The time between two reads of new events while hints keep coming: hundreds of transactions a second are read together then. An event that comes after a
    /// quiet moment is read at once.
    /// </summary>
    public TimeSpan ReadGap { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Events read in one statement.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>The latest events kept in memory for all subscribers, some 8 MB: readers that are further behind read pages from PostgreSQL.</summary>
    public int RingSize { get; set; } = 4_096;

    /// <summary>Subscribers that read pages at the same time: a storm of returning clients must not take every connection of the pool.</summary>
    public int CatchUpMax { get; set; } = 8;

    /// <summary>Snapshots read at the same time, each up to 10 000 rows: a crowd of new subscribers must leave connections and memory for renting.</summary>
    public int SnapshotReadsMax { get; set; } = 8;

    /// <summary>How long a client may be away and still miss nothing. An hour at least: the database forgets nothing younger.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often events past their time are deleted.</summary>
    public TimeSpan RetentionPeriod { get; set; } = TimeSpan.FromMinutes(1);
}
