namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// A source stream of which the present is the same for all subscribers of one operation with the same variables and rights: each of its events is then
/// evaluated and serialised once for all of them. A field says so by returning one from the method that its <c>[Subscribe(With = …)]</c> names.
/// </summary>
/// <remarks>
/// A subscriber without a place of its own begins with <see cref="BeginAsync"/>, together with all equal ones who come meanwhile. It goes on by itself, with <see cref="CatchUpAsync"/>, until it stands where <see cref="Live"/> does; from that very place it hears what all hear. One
/// that does not keep up goes back to <see cref="CatchUpAsync"/>, so that nobody waits for it and it misses nothing. Subscribers who differ in the argument of
/// <see cref="CodeFirst.ResumesWithAttribute"/> alone share.
/// </remarks>
public abstract class SharedSource : IAsyncEnumerable<object>
{
    /// <summary>The subscriber was given everything up to this place. Places grow along the stream.</summary>
    public abstract long Position { get; }

    /// <summary>Where the stream is now, for all of its subscribers.</summary>
    public abstract ILiveEnd Live { get; }

    /// <summary>
    /// The subscriber has no place to go on from, and begins as everybody does, with <see cref="BeginAsync"/>. Looked at before <see cref="CatchUpAsync"/> is asked, and
    /// when that has ended.
    /// </summary>
    public virtual bool BeginsAnew => false;

    /// <summary>What everybody begins with. One source is asked for all equal subscribers that begin while it answers; each goes on from the place with its own.</summary>
    public virtual Task<SharedBeginning> BeginAsync(CancellationToken cancellation) => throw new NotSupportedException("This source has no beginning.");

    /// <summary>The subscriber was given a beginning, and goes on by itself from its place.</summary>
    public virtual void GoOnFrom(SharedBeginning beginning) => throw new NotSupportedException("This source has no beginning.");

    /// <summary>What the subscriber hears by itself: from where it stands up to the present, where it ends. Asked for anew whenever the subscriber has to catch up.</summary>
    public abstract IAsyncEnumerable<object> CatchUpAsync(CancellationToken cancellation);

    /// <summary>The subscriber has heard with the others up to this place, and goes on by itself from there.</summary>
    public abstract void GoOnFrom(long position);

    /// <summary>Only the executor hears a shared source.</summary>
    IAsyncEnumerator<object> IAsyncEnumerable<object>.GetAsyncEnumerator(CancellationToken cancellationToken) =>
        throw new NotSupportedException("A shared source is heard through CatchUpAsync and Live.");
}

/// <summary>What subscribers begin with who have no place to go on from, such as the state at one moment.</summary>
/// <param name="Messages">Each is the root value of one execution, in order.</param>
/// <param name="Place">Where the stream goes on after them, as its source knows it.</param>
public sealed record SharedBeginning(IReadOnlyList<object> Messages, object Place);

/// <summary>The place up to which a stream has passed its events on, and who hears those that follow.</summary>
public interface ILiveEnd
{
    /// <summary>Calls <paramref name="join"/>, while nothing is passed on, unless something after the position has been passed on already.</summary>
    /// <returns>Whether it was called.</returns>
    bool TryJoin(long position, Action join);

    /// <summary>Calls <paramref name="leave"/> while nothing is passed on.</summary>
    void Leave(Action leave);

    /// <summary>The listener is told of all that concerns the source from now on. Called while joining.</summary>
    /// <param name="source">Of the first subscriber of the group. It is asked for messages also after that subscriber has gone.</param>
    /// <param name="listener">The group.</param>
    void Add(SharedSource source, ILiveListener listener);

    /// <summary>The listener is told of nothing more. Called while leaving.</summary>
    void Remove(SharedSource source, ILiveListener listener);
}

/// <summary>Subscribers who hear the same.</summary>
public interface ILiveListener
{
    /// <summary>Something that concerns them. Returns at once; the messages are asked for later, once, on another thread.</summary>
    /// <param name="from">Where the stream was before it: who stands further on has had it. The same as <paramref name="position"/> for news of the place alone.</param>
    /// <param name="position">Where the stream is after it.</param>
    /// <param name="messages">
    /// What it means to them, in order: each is the root value of one execution. Null when that cannot be said for all at once: each goes on by itself from before it.
    /// </param>
    void Tell(long from, long position, Func<IReadOnlyList<object>?> messages);

    /// <summary>The stream has lost its place: what comes may not follow what was. Each subscriber finds out for itself.</summary>
    void Break();
}
