namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// The database's time, for what replicas must agree on, such as the end of a token: this machine's clock and how far it was from the database's when that was
/// last asked. Until then, this machine's clock.
/// </summary>
public sealed class StoreClock(TimeProvider clock) : TimeProvider
{
    private long aheadTicks;

    /// <summary>How far the database's clock is ahead of this machine's.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Volatile.Read(ref aheadTicks));

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Ahead;

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    /// <param name="databaseNow">The database's clock as it was received.</param>
    /// <param name="roundTrip">How long the round trip took; the clock was read about half way.</param>
    internal void Learn(DateTimeOffset databaseNow, TimeSpan roundTrip) =>
        Volatile.Write(ref aheadTicks, (databaseNow + roundTrip / 2 - clock.GetUtcNow()).Ticks);
}
