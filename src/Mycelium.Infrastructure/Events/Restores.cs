using System.Diagnostics.Metrics;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// Reports that the database went back to an earlier time under this running replica: a failover to a standby without the last commits, or a restored backup.
/// What was read before may never have happened, so everything that keeps facts in memory forgets them.
/// </summary>
public sealed class Restores(TimeProvider clock, IMeterFactory meters)
{
    private readonly Counter<long> count = meters.CreateMycelium().CreateCounter<long>(
        "mycelium_database_restores_total", description: "Times that this replica found the database put back to an earlier time");

    private long lastAtTicks;

    /// <summary>Raised on the thread that found out, before subscribers of events are reset.</summary>
    public event Action? Happened;

    /// <summary>When this replica last found out; null since it started if it never did.</summary>
    public DateTimeOffset? LastAt => Volatile.Read(ref lastAtTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>What was read until now may not have happened: every cache of it must be cleared.</summary>
    public void Report()
    {
        Volatile.Write(ref lastAtTicks, clock.GetUtcNow().Ticks);
        count.Add(1);
        Happened?.Invoke();
    }
}
