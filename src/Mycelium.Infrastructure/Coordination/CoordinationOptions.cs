namespace Mycelium.Infrastructure.Coordination;

/// <summary>
/// How replicas take turns at a node and wake each other: section <c>Coordination</c>. No setting here affects whether a slice can be sold twice; PostgreSQL
/// prevents that.
/// </summary>
public sealed class CoordinationOptions
{
    public const string Section = "Coordination";

    public CoordinationMode Mode { get; set; } = CoordinationMode.Redis;

    /// <summary>Addresses of 1, 3 or 5 independent Redis masters, separated by commas. An even number only adds a way to fail.</summary>
    public string Masters { get; set; } = "127.0.0.1:6379";

    public string? Password { get; set; }

    /// <summary>Separates deployments that share a Redis: part of every key and channel name.</summary>
    public string Environment { get; set; } = "default";

    /// <summary>
    /// How long a lock outlives its holder. A transaction takes 2 to 20 ms; 5 s is far above a pause of the runtime and far below a caller's patience.
    /// </summary>
    public TimeSpan LockTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long one command to one master may take: many times a round trip, and short enough that a frozen master does not hurt. Overdue commands are noticed
    /// at a heartbeat of the same length, so that a command takes up to twice as long.
    /// </summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to try for the lock of one node that others hold.</summary>
    public TimeSpan AcquireBudget { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two attempts: drawn evenly from here to <see cref="RetryDelayMax"/>, so that waiters spread.</summary>
    public TimeSpan RetryDelayMin { get; set; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often each replica takes a lock of its own to see whether locking works: the delay until Redis is used again.</summary>
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(1);

    public RedisLoss OnRedisLoss { get; set; } = RedisLoss.DbOnly;

    /// <summary>The masters' addresses, as a list.</summary>
    public IReadOnlyList<string> MasterList() => Masters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The mistake in these settings, or null.</summary>
    public string? Problem() => this switch
    {
        { Mode: CoordinationMode.InProcess } => null,
        _ when MasterList().Count is not (1 or 3 or 5) => "Coordination:Masters names 1, 3 or 5 masters.",
        _ when MasterList().Distinct(StringComparer.OrdinalIgnoreCase).Count() != MasterList().Count =>
            "Coordination:Masters names a master twice: it would vote twice.",
        _ when CallTimeout <= TimeSpan.Zero || CallTimeout >= LockTtl => "Coordination:CallTimeout must be above zero and below Coordination:LockTtl.",
        _ when RetryDelayMin > RetryDelayMax => "Coordination:RetryDelayMin must not exceed Coordination:RetryDelayMax.",
        _ => null,
    };
}

/// <summary>Where turns are taken.</summary>
public enum CoordinationMode
{
    /// <summary>Among all replicas, by RedLock.net; by PostgreSQL's row locks alone while Redis is down.</summary>
    Redis,

    /// <summary>Inside the process: one replica, no Redis.</summary>
    InProcess,
}

/// <summary>What to do when no quorum of Redis masters answers.</summary>
public enum RedisLoss
{
    /// <summary>Continue: PostgreSQL alone decides, each replica still serves a node one transaction at a time.</summary>
    DbOnly,

    /// <summary>Refuse until Redis is back. Adds no safety; for deployments whose database must not receive all callers at once.</summary>
    FailClosed,
}
