using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>A stream as <see cref="LiveFeeds"/> sees it.</summary>
internal interface IFeedStream
{
    object Source { get; }

    IFeedIndex CreateIndex();

    /// <summary>What an event means to the stream's subscribers, with cursors; null when the event cannot be read.</summary>
    /// <param name="told">The event.</param>
    /// <param name="before">Where the stream is before it.</param>
    IReadOnlyList<object>? MessagesOf(CommittedEvent told, EventCursor before);

    /// <summary>Tells the stream's subscribers where it is.</summary>
    StreamBookmark BookmarkAt(EventCursor position);
}

/// <summary>Follows the order of events for one subscriber: from a snapshot or by replay up to the present, never a silent gap; then with all others in <see cref="LiveFeeds"/>.</summary>
/// <param name="after">The cursor to go on from, or null to begin with a snapshot.</param>
/// <param name="source">What the subscriber makes of events.</param>
/// <param name="tail">Events as they come.</param>
/// <param name="store">Which events there are.</param>
/// <param name="live">The present.</param>
/// <param name="unreadable">Where events are reported that cannot be read.</param>
/// <param name="cursors">How clients carry places.</param>
/// <param name="clock">For bookmarks.</param>
internal sealed class FeedStream<TMessage>(
    string? after, FeedSource<TMessage> source, EventTail tail, EventStore store, LiveFeeds live, UnreadableEvents unreadable, EventCursors cursors, TimeProvider clock)
    : SharedSource, IFeedStream where TMessage : class
{
    private EventCursor position;
    private bool hasBegun;
    private bool beginsAnew = after is null;

    public override long Position => position.Seq;
    public override ILiveEnd Live => live;
    public override bool BeginsAnew => beginsAnew;
    object IFeedStream.Source => source;

    /// <summary>The state, with the place from which changes go on.</summary>
    public override async Task<SharedBeginning> BeginAsync(CancellationToken cancellation)
    {
        (IReadOnlyList<TMessage> messages, EventCursor place) = await source.Snapshot(cursors, cancellation);
        return new SharedBeginning(messages, place);
    }

    public override void GoOnFrom(SharedBeginning beginning)
    {
        position = (EventCursor)beginning.Place;
        hasBegun = true;
        beginsAnew = false;
    }

    public override void GoOnFrom(long position) => this.position = tail.PlaceOf(this.position.Epoch, position);

    /// <exception cref="GraphQLException">The text is not a cursor of this service.</exception>
    public override async IAsyncEnumerable<object> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!hasBegun)
        {
            position = Parse(after!);
            (EventRange range, long markThere) = await store.ReadRangeAsync(position.Seq, cancellation);
            hasBegun = true;
            if (!range.CanResume(position, markThere))
            {
                yield return Reset();
                yield break;
            }
        }

        long saidAt = clock.GetTimestamp();
        while (true)
        {
            if (await NextAsync(cancellation) is not { } batch)
            {
                yield return Reset();
                yield break;
            }
            if (batch.Count == 0)
                yield break;
            foreach (CommittedEvent told in batch)
            {
                if (MessagesOf(told, position) is not { } messages)
                {
                    yield return Reset();
                    yield break;
                }
                position = position.After(told);
                foreach (object message in messages)
                {
                    yield return message;
                    saidAt = clock.GetTimestamp();
                }
            }
            if (clock.GetElapsedTime(saidAt) >= Limits.BookmarkInterval)
            {
                yield return BookmarkAt(position);
                saidAt = clock.GetTimestamp();
            }
        }
    }

    public IFeedIndex CreateIndex() => source.CreateIndex();

    public StreamBookmark BookmarkAt(EventCursor position) => new(cursors.Write(position));

    /// <summary>Who comes back with the cursor of any but the last message of an event gets the whole event again, rather than never the rest.</summary>
    public IReadOnlyList<object>? MessagesOf(CommittedEvent told, EventCursor before)
    {
        Func<string, TMessage>[] messages;
        try
        {
            messages = [.. source.Tell(told)];
        }
        catch (Exception mistake) // Whatever the reason: what the event says is missing from here on, and a snapshot has it.
        {
            unreadable.Report(told, mistake);
            return null;
        }
        if (messages.Length == 0)
            return [];
        string after = cursors.Write(before.After(told));
        string notYet = messages.Length == 1 ? after : cursors.Write(before);
        return [.. messages.Select((message, index) => message(index == messages.Length - 1 ? after : notYet))];
    }

    /// <summary>Null when what comes after the position is not kept any more; empty when there is nothing yet.</summary>
    private async Task<IReadOnlyList<CommittedEvent>?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            // A snapshot may be of a restored database a moment before the tail knows of it.
            TimeSpan wait = tail.IsElsewhere(position) ? Limits.BookmarkInterval : TimeSpan.Zero;
            return await tail.NextAsync(position, wait, cancellation);
        }
        catch (EventsForgottenException)
        {
            return null;
        }
    }

    private EventCursor Parse(string after) => cursors.TryRead(after, out EventCursor cursor)
        ? cursor
        : throw new GraphQLException("`after` is not a cursor of this service. Leave it out to begin with a snapshot.", ErrorCodes.InvalidCursor);

    /// <summary>
    /// Carries where the stream still is, as a place that nobody resumes from: a client that is cut off before the snapshot has come and returns with this cursor is reset again.
    /// </summary>
    private StreamReset Reset()
    {
        beginsAnew = true;
        string cursor = cursors.Write(position with { Mark = EventCursor.Unmarked });
        return new(cursor, "Changes since your cursor may be missing. Forget the state; a snapshot follows.");
    }
}
