namespace Mycelium.Infrastructure.Events;

/// <summary>The events that are there: all of <paramref name="FirstSeq"/> to <paramref name="LastSeq"/>, without a gap.</summary>
public readonly record struct EventRange(Guid Epoch, long FirstSeq, long LastSeq)
{
    public EventCursor End => new(Epoch, LastSeq);

    /// <summary>Nothing after the cursor has been forgotten, and it is not of another database.</summary>
    public bool CanResume(EventCursor cursor) => cursor.Epoch == Epoch && cursor.Seq >= FirstSeq - 1;

    /// <summary>Nobody can have been given this cursor: answering it with old events would be worse than an error.</summary>
    public bool IsFuture(EventCursor cursor) => cursor.Epoch == Epoch && cursor.Seq > LastSeq;
}

/// <summary>Events after the position were deleted while the reader was catching up; it has to start anew.</summary>
public sealed class EventsForgottenException() : Exception("Events after this position are not kept any more.");
