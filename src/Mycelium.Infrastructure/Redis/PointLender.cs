using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// What a caller may request in a minute, kept for all replicas in one Redis master: the first that responds. It keeps callers fair to each other; nothing that
/// has to be right depends on it.
/// </summary>
public sealed class PointLender(RedisMasters masters, Channels channels, TimeProvider clock)
{
    /// <summary>
    /// A bucket that fills evenly in a minute, by the clock of Redis. A bucket that was not used for a minute is full, which is the same as no bucket, so it
    /// expires.
    /// </summary>
    private const string Borrow = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local most = tonumber(ARGV[1])
        local kept = redis.call('HMGET', KEYS[1], 'left', 'at')
        local left = math.min(most, (tonumber(kept[1]) or most) + math.max(0, now - (tonumber(kept[2]) or now)) * most / 60000)
        local lent = math.min(tonumber(ARGV[2]), math.floor(left))
        redis.call('HSET', KEYS[1], 'left', left - lent, 'at', now)
        redis.call('PEXPIRE', KEYS[1], 60000)
        return {lent, math.floor(left - lent)}
        """;

    /// <summary>The pause after no master has responded.</summary>
    private static readonly TimeSpan rest = TimeSpan.FromSeconds(1);

    private long restsUntil;

    /// <param name="caller">The caller.</param>
    /// <param name="perMinute">What the caller may spend in a minute.</param>
    /// <param name="points">How many are wanted; less is lent when less is left.</param>
    /// <returns>Null when no master answers. Never throws.</returns>
    public async Task<PointLoan?> TryBorrowAsync(string caller, int perMinute, int points)
    {
        if (clock.GetUtcNow().UtcTicks < Volatile.Read(ref restsUntil))
            return null;
        foreach (ConnectionMultiplexer master in masters.Connected)
        {
            try
            {
                RedisResult answer = await master.GetDatabase()
                    .ScriptEvaluateAsync(Borrow, [channels.Points(caller)], [perMinute, points]).ConfigureAwait(false);
                return new PointLoan((int)answer[0], (int)answer[1]);
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
            {
                // Try the next master, if there is one.
            }
        }
        Volatile.Write(ref restsUntil, (clock.GetUtcNow() + rest).UtcTicks);
        return null;
    }
}

/// <param name="Points">What was lent.</param>
/// <param name="Left">What is left for all replicas.</param>
public readonly record struct PointLoan(int Points, int Left);
