namespace Mycelium.GraphQL.Callers;

/// <summary>
/// Points that refill evenly over a minute, up to a minute's worth. A caller who has used them up waits until there are enough for the
/// request, and not for the end of a fixed minute, when everyone would retry at once. A script in Redis does the same arithmetic for all
/// replicas (<see cref="Infrastructure.Redis.PointLender"/>).
/// </summary>
/// <param name="Left">The points left at <paramref name="At"/>.</param>
/// <param name="At">The instant of the last update.</param>
internal readonly record struct PointBucket(double Left, DateTimeOffset At)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static PointBucket Full(int perMinute, DateTimeOffset now) => new(perMinute, now);

    /// <summary>The bucket at a given instant. If the clock went back, nothing is added.</summary>
    public PointBucket After(int perMinute, DateTimeOffset now)
    {
        double elapsed = Math.Max(0, (now - At) / Window);
        return new PointBucket(Math.Min(perMinute, Left + elapsed * perMinute), now > At ? now : At);
    }

    /// <summary>Takes this many points, or all if there are fewer.</summary>
    public (PointBucket Bucket, int Taken) Take(int points)
    {
        int taken = (int)Math.Min(points, Math.Floor(Left));
        return (this with { Left = Left - taken }, taken);
    }
}
