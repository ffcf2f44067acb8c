using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Redis;

namespace Mycelium.Infrastructure.Events;

/// <summary>Announces events to this replica and the others. Announcements are hints: their receivers read the table.</summary>
public sealed class EventNews(EventSignals signals, CommitSignal commits, RedisSignal? redis = null)
{
    /// <summary>A transaction that may have written events has committed here; they wait for their numbers.</summary>
    public void Committed() => commits.Set();

    /// <summary>The events from <paramref name="first"/> to <paramref name="last"/> can be read. Never blocks.</summary>
    public void Stamped(long first, long last)
    {
        signals.Stamped();
        redis?.Publish(first, last);
    }
}
