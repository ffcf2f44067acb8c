using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Events;

/// <summary>
/// One subscriber of one subscription: starts with a snapshot or from a cursor, reads what it missed up to the present without a silent gap, and then
/// receives events from <see cref="LiveFeeds"/> with its group. A subscription derives a class that tells what its snapshot is, what an event means to
/// it, and which events can concern it.
/// </summary>
/// <param name="services">Shared by all feeds.</param>
/// <param name="after">The cursor to continue from, or null to start with a snapshot.</param>
internal abstract class Feed(FeedServices services, string? after) : SharedSource
{
    private EventCursor position;
    private bool hasStarted;
    private bool startsWithSnapshot = after is null;
    private long lastMessageAt;

    public sealed override long Position => position.Seq;
    public sealed override ILiveEnd Live => services.Live;
    public sealed override bool StartsWithSnapshot => startsWithSnapshot;

    /// <summary>An index for feeds of this class.</summary>
    public abstract IFeedIndex CreateIndex();

    /// <summary>The messages that an event means to the subscriber, each still to be given its cursor; none when it does not concern the subscriber.</summary>
    protected abstract IEnumerable<Func<string, IStreamEvent>> MessagesOf(CommittedEvent committed);

    /// <summary>The rows of a query as the snapshot, in pages, with the place from which changes continue.</summary>
    protected async Task<SharedSnapshot> ReadSnapshotAsync<T>(
        Func<MyceliumDb, IQueryable<T>> query, Func<SnapshotPage<T>, IStreamEvent> message, CancellationToken cancellation)
    {
        (List<T> rows, EventCursor place) = await services.Snapshots.ReadAsync((db, token) => query(db).ToSnapshotAsync(token), cancellation);
        return new SharedSnapshot(rows.InPages(services.Cursors, place, message), place);
    }

    public sealed override void ContinueFrom(SharedSnapshot snapshot)
    {
        position = (EventCursor)snapshot.Place;
        hasStarted = true;
        startsWithSnapshot = false;
    }

    public sealed override void ContinueFrom(long position) => this.position = services.Tail.PlaceOf(this.position.Epoch, position);

    /// <exception cref="GraphQLException">The text is not a cursor of this service.</exception>
    public sealed override async IAsyncEnumerable<SourceEvent> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!hasStarted)
        {
            position = Parse(after!);
            (EventRange range, long markThere) = await services.Store.ReadRangeAsync(position.Seq, cancellation);
            hasStarted = true;
            if (!range.CanResume(position, markThere))
            {
                yield return new Gap(position);
                yield break;
            }
        }

        NoteMessage();
        while (true)
        {
            if (await NextAsync(cancellation) is not { } batch)
            {
                yield return new Gap(position);
                yield break;
            }
            if (batch.Count == 0)
                yield break;
            foreach (CommittedEvent committed in batch)
            {
                yield return new NextEvent(position, committed);
                position = position.After(committed);
            }
            if (services.Clock.GetElapsedTime(Volatile.Read(ref lastMessageAt)) >= Limits.BookmarkInterval)
                yield return new Bookmark(position);
        }
    }

    public sealed override IReadOnlyList<object>? MessagesOf(SourceEvent sourceEvent)
    {
        IReadOnlyList<object>? messages = sourceEvent switch
        {
            NextEvent next => MessagesOf(next),
            Bookmark bookmark => [new StreamBookmark(services.Cursors.Write(bookmark.Place))],
            _ => null,
        };
        if (messages is { Count: > 0 })
            NoteMessage();
        return messages;
    }

    /// <summary>
    /// Carries where the stream still is, as a place that nobody resumes from: a client that is cut off before the snapshot arrives and returns with
    /// this cursor is reset again.
    /// </summary>
    public sealed override object Reset()
    {
        startsWithSnapshot = true;
        string cursor = services.Cursors.Write(position with { Mark = EventCursor.Unmarked });
        return new StreamReset(cursor, "Changes since your cursor may be missing. Discard your state; a snapshot follows.");
    }

    /// <summary>A client that returns with the cursor of any but the last message of an event gets the whole event again, so that it misses no part.</summary>
    private IReadOnlyList<object>? MessagesOf(NextEvent next)
    {
        Func<string, IStreamEvent>[] messages;
        try
        {
            messages = [.. MessagesOf(next.Committed)];
        }
        catch (Exception mistake) // Whatever the reason: what the event says is missing from here on, and a snapshot has it.
        {
            services.Unreadable.Report(next.Committed, mistake);
            return null;
        }
        if (messages.Length == 0)
            return [];
        string after = services.Cursors.Write(next.Before.After(next.Committed));
        string notYet = messages.Length == 1 ? after : services.Cursors.Write(next.Before);
        return [.. messages.Select((message, index) => message(index == messages.Length - 1 ? after : notYet))];
    }

    /// <summary>Null when what comes after the position is not kept any more; empty when there is nothing yet.</summary>
    private async Task<IReadOnlyList<CommittedEvent>?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            // A snapshot may be of a restored database a moment before the tail knows of it.
            TimeSpan wait = services.Tail.IsElsewhere(position) ? Limits.BookmarkInterval : TimeSpan.Zero;
            return await services.Tail.NextAsync(position, wait, cancellation);
        }
        catch (EventsForgottenException)
        {
            return null;
        }
    }

    private EventCursor Parse(string cursor) => services.Cursors.TryRead(cursor, out EventCursor place)
        ? place
        : throw new GraphQLException("`after` is not a cursor of this service. Leave it out to begin with a snapshot.", ErrorCodes.InvalidCursor);

    /// <summary>
    /// For the next bookmark while catching up. The group that the feed serves may postpone it, with messages that this subscriber is about to get.
    /// </summary>
    private void NoteMessage() => Volatile.Write(ref lastMessageAt, services.Clock.GetTimestamp());
}

/// <summary>A committed event, and where the stream is before it.</summary>
internal sealed class NextEvent(EventCursor before, CommittedEvent committed) : SourceEvent(before.Seq, committed.Seq)
{
    public EventCursor Before => before;
    public CommittedEvent Committed => committed;
}

/// <summary>Nothing that concerns the subscriber has happened for a while: it learns where the stream is.</summary>
internal sealed class Bookmark(EventCursor place) : SourceEvent(place.Seq, place.Seq)
{
    public EventCursor Place => place;
}

/// <summary>It is unknown what comes after a place: each subscriber continues alone from there, or starts again with a snapshot.</summary>
internal sealed class Gap(EventCursor place) : SourceEvent(place.Seq, place.Seq);
