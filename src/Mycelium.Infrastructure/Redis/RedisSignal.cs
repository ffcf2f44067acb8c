using System.Globalization;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Wakes the tail readers of all replicas when events were stamped, over pub/sub of every master. A hint may be lost, doubled, late, out of order or forged:
/// who is woken reads the table, and reads it every so often anyway.
/// </summary>
public sealed class RedisSignal(RedisMasters masters, Channels channels)
{
    /// <summary>Says that the events from <paramref name="first"/> to <paramref name="last"/> are there. Never throws, waits for nobody.</summary>
    public void Publish(long first, long last)
    {
        string hint = string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
        foreach (RedisMaster master in masters.All)
            master.Publish(channels.EventsStamped, hint);
    }

    /// <summary>
    /// Calls <paramref name="wake"/> for every hint, once for each master that carries it, on a thread that must not be kept: set a flag and return. What
    /// does not look like a hint is dropped.
    /// </summary>
    public void Listen(Action<StampedHint> wake)
    {
        foreach (RedisMaster master in masters.All)
        {
            master.Subscribe(channels.EventsStamped, message =>
            {
                if (StampedHint.TryParse(message) is { } hint)
                    wake(hint);
            });
        }
    }
}

/// <summary>Somebody says that the events <paramref name="First"/> to <paramref name="Last"/> can be read.</summary>
public readonly record struct StampedHint(long First, long Last)
{
    private const int LengthMax = 39; // Two longs and a dash.

    internal static StampedHint? TryParse(RedisValue message)
    {
        if ((string?)message is not { Length: <= LengthMax } text)
            return null;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long last)
            && first <= last
                ? new StampedHint(first, last)
                : null;
    }
}
