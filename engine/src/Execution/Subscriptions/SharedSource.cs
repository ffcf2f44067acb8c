namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// A source stream whose live events are the same for all subscribers of one operation with the same variables and rights, so that each event is
/// evaluated and serialized once for all of them. A field returns one, for one subscriber, from the method that its
/// <c>[Subscribe(With = …)]</c> names.
/// </summary>
/// <remarks>
/// <para>
/// A subscriber without a position starts with <see cref="ReadSnapshotAsync"/>, together with all equal subscribers that arrive in the meantime.
/// It then reads alone (<see cref="CatchUpAsync"/>) until it reaches the position of <see cref="Live"/>, and joins its <see cref="LiveGroup"/>
/// there. One that does not keep up leaves the group and goes back to <see cref="CatchUpAsync"/>, so that nobody waits for it and it misses
/// nothing.
/// </para>
/// <para>
/// Either way, an event enters the engine as a <see cref="SourceEvent"/>, and <see cref="MessagesOf"/> tells what it means to the subscriber or to
/// its whole group.
/// </para>
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

    /// <summary>
    /// What subscribers without a position start with. It is read from one source for all equal subscribers that start in the meantime; each
    /// continues with its own source.
    /// </summary>
    public virtual Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => throw new NotSupportedException("This source has no snapshot.");

    /// <summary>The subscriber has received a snapshot, and continues alone from its place.</summary>
    public virtual void ContinueFrom(SharedSnapshot snapshot) => throw new NotSupportedException("This source has no snapshot.");

    /// <summary>The subscriber has received everything with its group up to this position, and continues alone from there.</summary>
    public abstract void ContinueFrom(long position);

    /// <summary>The events from the subscriber's position up to the present, where it ends. Called each time that the subscriber has to catch up.</summary>
    public abstract IAsyncEnumerable<SourceEvent> CatchUpAsync(CancellationToken cancellation);

    /// <summary>
    /// What an event means, in order: each message is the root value of one execution. Null when that is unknown: each member of a group then
    /// continues alone from before the event, and a subscriber that is already alone gets <see cref="Reset"/>.
    /// </summary>
    /// <remarks>The first subscriber's source serves the whole group, on other threads, and after that subscriber has left.</remarks>
    public abstract IReadOnlyList<object>? MessagesOf(SourceEvent sourceEvent);

    /// <summary>The message when it is unknown what an event means; the subscriber then starts again (<see cref="StartsWithSnapshot"/>).</summary>
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
    /// <summary>Where the stream is before the event: a subscriber further ahead has already received it.</summary>
    public long PositionBefore => positionBefore;

    /// <summary>Where the stream is after the event.</summary>
    public long Position => position;
}

/// <summary>What subscribers without a position start with, such as the state at one moment.</summary>
/// <param name="Messages">Each is the root value of one execution, in order.</param>
/// <param name="Place">Where the stream continues after them, in the source's own terms.</param>
public sealed record SharedSnapshot(IReadOnlyList<object> Messages, object Place);

/// <summary>The position up to which a stream has delivered its events, and the groups that get those that follow.</summary>
public interface ILiveEnd
{
    /// <summary>Calls <paramref name="join"/>, with delivery paused, unless something after the position has already been delivered.</summary>
    /// <returns>Whether it was called.</returns>
    bool TryJoin(long position, Action join);

    /// <summary>Calls <paramref name="leave"/> with delivery paused.</summary>
    void Leave(Action leave);

    /// <summary>From now on the group receives every event that concerns its source. Called while joining.</summary>
    void Add(LiveGroup group);

    /// <summary>The group receives nothing more. Called while leaving.</summary>
    void Remove(LiveGroup group);
}
