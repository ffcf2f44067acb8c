namespace Mycelium.GraphQL.Callers;

/// <summary>
/// Points that come back evenly over a minute, up to a minute's worth. A caller who has used them up waits until enough for the request has come back, and not for the end of
/// a minute that everybody else waits for too. A script in Redis does the same arithmetic for all replicas (<see cref="Infrastructure.Redis.PointLender"/>).
/// </summary>
/// <param name="Left">What was left at <paramref name="At"/>.</param>
/// <param name="At">When.</param>
internal readonly record struct PointBucket(double Left, DateTimeOffset At)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static PointBucket Full(int perMinute, DateTimeOffset now) => new(perMinute, now);

    /// <summary>The bucket at a given instant; a clock that went back adds nothing.</summary>
    public PointBucket After(int perMinute, DateTimeOffset now)
    {
        double elapsed = Math.Max(0, (now - At) / Window);
        return new PointBucket(Math.Min(perMinute, Left + elapsed * perMinute), now > At ? now : At);
    }

    /// <summary>Takes this many points, or as many as there are.</summary>
    public (PointBucket Bucket, int Taken) Take(int points)
    {
        int taken = (int)Math.Min(points, Math.Floor(Left));
        return (this with { Left = Left - taken }, taken);
    }
}
