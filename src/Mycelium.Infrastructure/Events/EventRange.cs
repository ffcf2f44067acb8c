namespace Mycelium.Infrastructure.Events;

/// <summary>The events that exist: all of <paramref name="FirstSeq"/> to <paramref name="LastSeq"/>, without a gap.</summary>
/// <param name="Epoch">Which of the database's times this is.</param>
/// <param name="FirstSeq">The oldest event that is kept.</param>
/// <param name="LastSeq">The newest; one less than the first where none is kept.</param>
/// <param name="LastMark">The newest event's mark.</param>
public readonly record struct EventRange(Guid Epoch, long FirstSeq, long LastSeq, long LastMark)
{
    public EventCursor End => new(Epoch, LastSeq, LastMark);

    /// <summary>Everything after the cursor is kept, and the cursor was given out at this database in this time.</summary>
    /// <param name="cursor">A client's, or a reader's.</param>
    /// <param name="markThere">The mark of the event that has the cursor's number now; 0 if there is none.</param>
    public bool CanResume(EventCursor cursor, long markThere) => cursor.Epoch == Epoch && cursor.Seq >= FirstSeq - 1 && !IsOfLostTime(cursor, markThere);

    /// <summary>The database was restored to before the cursor's event: the number is still to come, or another event has it.</summary>
    /// <param name="cursor">Of the same epoch.</param>
    /// <param name="markThere">The mark of the event that has the cursor's number now; 0 if there is none.</param>
    public bool IsOfLostTime(EventCursor cursor, long markThere) =>
        cursor.Seq > LastSeq || (cursor.Seq >= FirstSeq - 1 && cursor.Mark is { } mark && mark != markThere);
}

/// <summary>Events after the position were deleted while the reader was catching up, or the database was put back; the reader has to begin again.</summary>
public sealed class EventsForgottenException() : Exception("Events after this position are not kept any more.");
