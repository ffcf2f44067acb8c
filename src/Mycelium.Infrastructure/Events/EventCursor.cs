namespace Mycelium.Infrastructure.Events;

/// <summary>
/// A place in the order of all events, after the event of <see cref="Seq"/>. Opaque to clients, who carry it signed (<see cref="EventCursors"/>), and no
/// secret: what a subscriber sees from there depends on its account, not on the cursor.
/// </summary>
/// <param name="Epoch">The database that numbered the events, between two moments at which it was put back to an earlier time.</param>
/// <param name="Seq">The last event that was seen; 0 before the first.</param>
/// <param name="Mark">
/// The random mark of that event: after a failover or a restore another event may have its number, and none has its mark. 0 before the first event and for one
/// numbered before there were marks; <see cref="Unmarked"/> for a place that cannot be resumed from; null for a reader of ours that knows only a number.
/// </param>
public readonly record struct EventCursor(Guid Epoch, long Seq, long? Mark)
{
    /// <summary>No event has this mark: a client that returns with it gets a reset and a snapshot.</summary>
    public const long Unmarked = -1;

    /// <summary>The place right after the next event.</summary>
    public EventCursor After(CommittedEvent next) => this with { Seq = next.Seq, Mark = next.Mark };
}
