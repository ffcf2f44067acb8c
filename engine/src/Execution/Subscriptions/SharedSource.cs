namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// One subscriber's way to a present that is the same for all subscribers of one operation with the same variables and rights: each event is then evaluated and serialised
/// once for all of them. A field says so by returning one from the method that its <c>[Subscribe(With = …)]</c> names.
/// </summary>
/// <remarks>
/// <para>
/// A subscriber without a cursor starts with <see cref="ReadSnapshotAsync"/>, together with all equal subscribers that start at the same time. It then reads by itself
/// (<see cref="CatchUpAsync"/>) until it is where <see cref="Live"/> is, and joins its <see cref="LiveGroup"/> at exactly that position. One that falls behind leaves the group
/// and goes back to <see cref="CatchUpAsync"/>: the group never waits for it, and it misses nothing.
/// </para>
/// <para>An event enters the engine as a <see cref="SourceEvent"/>, on either way, and <see cref="MessagesOf"/> says what it means to a subscriber or to its whole group.</para>
/// <para>Subscribers that differ only in the argument of <see cref="CodeFirst.ResumesWithAttribute"/> share.</para>
/// </remarks>
public abstract class SharedSource : IAsyncEnumerable<object>
{
    /// <summary>The subscriber has received everything up to this position. Positions grow along the stream.</summary>
    public abstract long Position { get; }

    /// <summary>Where the stream is now, for all of its subscribers.</summary>
    public abstract ILiveEnd Live { get; }

    /// <summary>The subscriber has no position to continue from. Read before <see cref="CatchUpAsync"/> is called, and after it ends.</summary>
    public virtual bool StartsWithSnapshot => false;

    /// <summary>What subscribers without a position start with. Called on one source for all equal subscribers that start while it runs; each continues with its own.</summary>
    public virtual Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => throw new NotSupportedException("This source has no snapshot.");

    /// <summary>The subscriber has received a snapshot, and continues by itself from its place.</summary>
    public virtual void ContinueFrom(SharedSnapshot snapshot) => throw new NotSupportedException("This source has no snapshot.");

    /// <summary>The subscriber has received everything with its group up to this position, and continues by itself from there.</summary>
    public abstract void ContinueFrom(long position);

    /// <summary>The events from the subscriber's position up to the present, where it ends. Called each time that the subscriber has to catch up.</summary>
    public abstract IAsyncEnumerable<SourceEvent> CatchUpAsync(CancellationToken cancellation);

    /// <summary>
    /// What an event means: each message is the root value of one execution, in order. Null when that cannot be said: a group then breaks up, so that each member
    /// continues by itself from before the event, and a subscriber that is by itself gets <see cref="Reset"/>.
    /// </summary>
    /// <remarks>The first subscriber's source serves its whole group, on other threads and after that subscriber has left. The event has all that may differ.</remarks>
    public abstract IReadOnlyList<object>? MessagesOf(SourceEvent sourceEvent);

    /// <summary>The message for a subscriber to which an event means nothing that can be said; it continues with a snapshot (<see cref="StartsWithSnapshot"/>).</summary>
    public virtual object Reset() => throw new NotSupportedException("This source has no snapshot.");

    /// <summary>Only the executor reads a shared source.</summary>
    IAsyncEnumerator<object> IAsyncEnumerable<object>.GetAsyncEnumerator(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A shared source is read through CatchUpAsync and Live.");
}

/// <summary>An event on its way to subscribers. A source derives the class to add what <see cref="SharedSource.MessagesOf"/> needs.</summary>
/// <param name="positionBefore">Where the stream is before the event.</param>
/// <param name="position">Where the stream is after the event; the same as before it for news of the position alone.</param>
public abstract class SourceEvent(long positionBefore, long position)
{
    /// <summary>Where the stream is before the event: whoever is further has received it already.</summary>
    public long PositionBefore => positionBefore;

    /// <summary>Where the stream is after the event.</summary>
    public long Position => position;
}

/// <summary>What subscribers start with that have no position, such as the state at one moment.</summary>
/// <param name="Messages">Each is the root value of one execution, in order.</param>
/// <param name="Place">Where the stream continues after them, in the words of the source.</param>
public sealed record SharedSnapshot(IReadOnlyList<object> Messages, object Place);

/// <summary>The position up to which a stream has delivered its events, and the groups that get those that follow.</summary>
public interface ILiveEnd
{
    /// <summary>Calls <paramref name="join"/>, while nothing is delivered, unless something after the position has been delivered already.</summary>
    /// <returns>Whether it was called.</returns>
    bool TryJoin(long position, Action join);

    /// <summary>Calls <paramref name="leave"/> while nothing is delivered.</summary>
    void Leave(Action leave);

    /// <summary>From now on the group gets every event that concerns its source. Called while joining.</summary>
    void Add(LiveGroup group);

    /// <summary>The group gets nothing more. Called while leaving.</summary>
    void Remove(LiveGroup group);
}
