namespace Mycelium.Infrastructure.Coordination;

/// <summary>How replicas take turns at a node and wake each other: section <c>Coordination</c>. No setting here decides whether a slice is sold twice; PostgreSQL does.</summary>
public sealed class CoordinationOptions
{
    public const string Section = "Coordination";

    public CoordinationMode Mode { get; set; } = CoordinationMode.Redis;

    /// <summary>Addresses of 1, 3 or 5 independent Redis masters, separated by commas. An even number only adds a way to fail.</summary>
    public string Masters { get; set; } = "127.0.0.1:6379";

    public string? Password { get; set; }

    /// <summary>Keeps deployments that share a Redis apart: part of every key and channel name.</summary>
    public string Environment { get; set; } = "default";

    /// <summary>How long a lock outlives its holder. The section under it takes 2 to 20 ms; 5 s is far above a pause of the runtime and far below a caller's patience.</summary>
    public TimeSpan LockTtl { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What one master gets to answer one command: many times a round trip, and little enough that asking a dead one does not hurt.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Less validity than this (60 % of <see cref="LockTtl"/>, by the statement timeout of 3 s) is worth nothing: the work may outlast it.</summary>
    public TimeSpan ValidityMin { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long to try for a lock that others hold before saying so.</summary>
    public TimeSpan AcquireBudget { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two attempts: drawn evenly from here to <see cref="RetryDelayMax"/>, so that waiters spread.</summary>
    public TimeSpan RetryDelayMin { get; set; } = TimeSpan.FromMilliseconds(10);

    public TimeSpan RetryDelayMax { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often each master is asked whether it lives.</summary>
    public TimeSpan WatchdogPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Silent so often in a row, a master is asked no more and its connection is made anew: a half-open socket can look alive for a quarter of an hour.</summary>
    public int WatchdogMissesMax { get; set; } = 3;

    /// <summary>At most one new connection to a master in this time, so that a dead one is not hammered.</summary>
    public TimeSpan RebuildPeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After so many acquisitions in a row without a quorum, Redis is left alone until a probe succeeds.</summary>
    public int BreakerFailuresMax { get; set; } = 3;

    /// <summary>How often to probe while left alone.</summary>
    public TimeSpan ProbePeriod { get; set; } = TimeSpan.FromSeconds(1);

    public RedisLoss OnRedisLoss { get; set; } = RedisLoss.DbOnly;

    /// <summary>The masters' addresses, one by one.</summary>
    public IReadOnlyList<string> MasterList() => Masters.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>What makes these settings useless, or null.</summary>
    public string? Problem() => this switch
    {
        { Mode: CoordinationMode.InProcess } => null,
        _ when MasterList().Count is not (1 or 3 or 5) => "Coordination:Masters names 1, 3 or 5 masters.",
        _ when MasterList().Distinct(StringComparer.OrdinalIgnoreCase).Count() != MasterList().Count => "Coordination:Masters names a master twice: it would vote twice.",
        _ when ValidityMin >= LockTtl => "Coordination:ValidityMin must be below Coordination:LockTtl.",
        _ when CallTimeout <= TimeSpan.Zero || CallTimeout >= LockTtl => "Coordination:CallTimeout goes from above zero to below Coordination:LockTtl.",
        _ when RetryDelayMin > RetryDelayMax => "Coordination:RetryDelayMin must not exceed Coordination:RetryDelayMax.",
        _ => null,
    };
}

/// <summary>Where turns are taken.</summary>
public enum CoordinationMode
{
    /// <summary>Among all replicas, by Redlock; by PostgreSQL's row locks alone while Redis is gone.</summary>
    Redis,

    /// <summary>Inside the process: one replica, no Redis.</summary>
    InProcess,
}

/// <summary>What to do when no quorum of Redis masters answers.</summary>
public enum RedisLoss
{
    /// <summary>Go on: PostgreSQL alone decides, each replica still serves a node one transaction at a time.</summary>
    DbOnly,

    /// <summary>Refuse until Redis is back. Adds no safety; for those whose database must not meet a crowd.</summary>
    FailClosed,
}
