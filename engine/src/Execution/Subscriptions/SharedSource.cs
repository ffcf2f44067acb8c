namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// A source stream whose live events are the same for all subscribers of one operation with the same variables and rights, so that each event is
/// evaluated and serialized once for all of them. A field returns one from the method that its <c>[Subscribe(With = …)]</c> names.
/// </summary>
/// <remarks>
/// A subscriber without a position of its own starts with <see cref="BeginAsync"/>, together with all equal subscribers that arrive in the meantime.
/// It then continues alone, with <see cref="CatchUpAsync"/>, until it reaches the position of <see cref="Live"/>; from there on it receives what all
/// others do. A subscriber that does not keep up goes back to <see cref="CatchUpAsync"/>, so that nobody waits for it and it misses nothing.
/// Subscribers that differ only in the argument of <see cref="CodeFirst.ResumesWithAttribute"/> share.
/// </remarks>
public abstract class SharedSource : IAsyncEnumerable<object>
{
    /// <summary>The subscriber has received everything up to this place. Places grow along the stream.</summary>
    public abstract long Position { get; }

    /// <summary>The current position of the stream, for all of its subscribers.</summary>
    public abstract ILiveEnd Live { get; }

    /// <summary>
    /// The subscriber has no position to resume from, and starts with <see cref="BeginAsync"/>. Checked before <see cref="CatchUpAsync"/> is called,
    /// and when that has ended.
    /// </summary>
    public virtual bool BeginsAnew => false;

    /// <summary>
    /// What all subscribers start with. It is loaded from one source for all equal subscribers that start in the meantime; each continues from the
    /// place with its own source.
    /// </summary>
    public virtual Task<SharedBeginning> BeginAsync(CancellationToken cancellation) => throw new NotSupportedException("This source has no beginning.");

    /// <summary>The subscriber has received a beginning, and continues alone from its place.</summary>
    public virtual void GoOnFrom(SharedBeginning beginning) => throw new NotSupportedException("This source has no beginning.");

    /// <summary>
    /// What the subscriber reads alone: from its position up to the present, where it ends. Called again whenever the subscriber has to catch up.
    /// </summary>
    public abstract IAsyncEnumerable<object> CatchUpAsync(CancellationToken cancellation);

    /// <summary>The subscriber has listened with the others up to this place, and continues alone from there.</summary>
    public abstract void GoOnFrom(long position);

    /// <summary>Only the executor reads a shared source.</summary>
    IAsyncEnumerator<object> IAsyncEnumerable<object>.GetAsyncEnumerator(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A shared source is read through CatchUpAsync and Live.");
}

/// <summary>What subscribers without a position to resume from start with, such as the state at one moment.</summary>
/// <param name="Messages">Each is the root value of one execution, in order.</param>
/// <param name="Place">Where the stream continues after them, in the source's own terms.</param>
public sealed record SharedBeginning(IReadOnlyList<object> Messages, object Place);

/// <summary>The place up to which a stream has delivered its events, and the listeners for those that follow.</summary>
public interface ILiveEnd
{
    /// <summary>Calls <paramref name="join"/>, with delivery paused, unless something after the position has already been delivered.</summary>
    /// <returns>Whether it was called.</returns>
    bool TryJoin(long position, Action join);

    /// <summary>Calls <paramref name="leave"/> with delivery paused.</summary>
    void Leave(Action leave);

    /// <summary>The listener receives everything that concerns the source from now on. Called while joining.</summary>
    /// <param name="source">The first subscriber's source. It is still used for messages after that subscriber has left.</param>
    /// <param name="listener">The group.</param>
    void Add(SharedSource source, ILiveListener listener);

    /// <summary>The listener receives nothing more. Called while leaving.</summary>
    void Remove(SharedSource source, ILiveListener listener);
}

/// <summary>Subscribers that receive the same results.</summary>
public interface ILiveListener
{
    /// <summary>Something that concerns them. Returns immediately; the messages are read later, once, on another thread.</summary>
    /// <param name="from">
    /// The stream's position before it: a subscriber further ahead has already received it. The same as <paramref name="position"/> when only the
    /// position is reported.
    /// </param>
    /// <param name="position">The stream's position after it.</param>
    /// <param name="messages">
    /// What it means for them, in order: each is the root value of one execution. Null when that is not the same for all: each subscriber then
    /// continues alone from before it.
    /// </param>
    void Tell(long from, long position, Func<IReadOnlyList<object>?> messages);

    /// <summary>The stream has lost its place: what follows may not be adjacent to what was sent. Each subscriber catches up by itself.</summary>
    void Break();
}
