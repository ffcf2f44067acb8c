using System.Globalization;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Wakes the tail readers of all replicas when events were stamped, over pub/sub of every master. A hint may be lost, doubled, late, out of order or forged:
/// its receiver reads the table, and also polls it.
/// </summary>
public sealed class RedisSignal(RedisMasters masters, Channels channels)
{
    private readonly RedisChannel channel = RedisChannel.Literal(channels.EventsStamped);

    /// <summary>Announces that the events from <paramref name="first"/> to <paramref name="last"/> can be read. Never throws, never blocks.</summary>
    public void Publish(long first, long last)
    {
        string hint = string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
        foreach (ConnectionMultiplexer master in masters.Connected)
        {
            try
            {
                master.GetDatabase().Publish(channel, hint, CommandFlags.FireAndForget);
            }
            catch (Exception failure) when (failure is RedisException or ObjectDisposedException)
            {
                // A lost hint costs a poll.
            }
        }
    }

    /// <summary>
    /// Calls <paramref name="wake"/> for every hint, once for each master that delivers it, on a thread that must not be blocked: set a flag and return.
    /// Malformed hints are dropped. A master that is down is subscribed to when it connects.
    /// </summary>
    public async Task ListenAsync(Action<StampedHint> wake)
    {
        foreach (ConnectionMultiplexer master in await masters.OpenAsync().ConfigureAwait(false))
        {
            // Fire and forget does not throw while the master is down; the client subscribes once it is connected.
            await master.GetSubscriber().SubscribeAsync(
                channel,
                (_, message) =>
                {
                    if (StampedHint.TryParse(message) is { } hint)
                        wake(hint);
                },
                CommandFlags.FireAndForget).ConfigureAwait(false);
        }
    }
}

/// <summary>A hint that the events <paramref name="First"/> to <paramref name="Last"/> can be read.</summary>
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
