using Mycelium.Infrastructure.Redis;

namespace Mycelium.Infrastructure.Events;

/// <summary>Tells this replica and the others that events were committed or numbered. Hints only: who is told looks at the table.</summary>
public sealed class EventNews(EventSignals signals, RedisSignal? redis = null)
{
    /// <summary>A transaction that may have written events has committed here; they wait for their numbers.</summary>
    public void Committed() => signals.Committed();

    /// <summary>The events from <paramref name="first"/> to <paramref name="last"/> can be read. Waits for nobody.</summary>
    public void Stamped(long first, long last)
    {
        signals.Stamped();
        redis?.Publish(first, last);
    }
}
