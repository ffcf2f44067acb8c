using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>What one subscription makes of the order of events: its snapshot, and what it tells of an event.</summary>
/// <typeparam name="TMessage">The union that the subscription answers with; <see cref="StreamReset"/> and <see cref="StreamBookmark"/> are members of each.</typeparam>
public abstract class FeedSource<TMessage> where TMessage : class
{
    /// <summary>The state at this moment as messages, with the place from which changes go on.</summary>
    public abstract Task<(IReadOnlyList<TMessage> Messages, EventCursor Cursor)> Snapshot(CancellationToken cancellation);

    /// <summary>The messages that an event means to this subscriber, each still to be given its cursor; none when it does not concern it.</summary>
    public abstract IEnumerable<Func<string, TMessage>> Tell(CommittedEvent told);
}

/// <summary>Follows the order of events for one subscriber: replay or snapshot, then live, never a silent gap.</summary>
public sealed class EventFeed(EventTail tail, EventStore store, TimeProvider clock)
{
    /// <param name="after">The cursor to go on from, or null to begin with a snapshot.</param>
    /// <param name="source">What the subscriber makes of events.</param>
    /// <param name="cancellation">Ends the stream.</param>
    /// <exception cref="GraphQLException">The cursor is none of ours.</exception>
    public async IAsyncEnumerable<TMessage> Follow<TMessage>(string? after, FeedSource<TMessage> source, [EnumeratorCancellation] CancellationToken cancellation)
        where TMessage : class
    {
        EventCursor position = default;
        bool startsAnew = after is null;
        if (after is not null)
        {
            EventRange range = await store.ReadRangeAsync(cancellation);
            position = Parse(after, range);
            if (!range.CanResume(position))
            {
                startsAnew = true;
                yield return Reset<TMessage>(position);
            }
        }

        long saidAt = clock.GetTimestamp();
        while (true)
        {
            if (startsAnew)
            {
                (IReadOnlyList<TMessage> messages, position) = await source.Snapshot(cancellation);
                foreach (TMessage message in messages)
                    yield return message;
                startsAnew = false;
            }

            if (await NextAsync(position, cancellation) is not { } batch)
            {
                startsAnew = true;
                yield return Reset<TMessage>(position);
                continue;
            }
            foreach (CommittedEvent told in batch)
            {
                EventCursor before = position;
                position = position with { Seq = told.Seq };
                Func<string, TMessage>[] messages = [.. source.Tell(told)];
                for (int index = 0; index < messages.Length; index++)
                {
                    // Who comes back with the cursor of any but the last message of an event gets the whole event again, rather than never the rest.
                    yield return messages[index]((index == messages.Length - 1 ? position : before).ToString());
                    saidAt = clock.GetTimestamp();
                }
            }
            if (clock.GetElapsedTime(saidAt) >= Limits.BookmarkInterval)
            {
                yield return (TMessage)(object)new StreamBookmark(position.ToString());
                saidAt = clock.GetTimestamp();
            }
        }
    }

    /// <summary>Null when what comes after the position is not kept any more.</summary>
    private async Task<IReadOnlyList<CommittedEvent>?> NextAsync(EventCursor position, CancellationToken cancellation)
    {
        try
        {
            return await tail.NextAsync(position, Limits.BookmarkInterval, cancellation);
        }
        catch (EventsForgottenException)
        {
            return null;
        }
    }

    private static EventCursor Parse(string after, EventRange range) =>
        EventCursor.TryParse(after, out EventCursor cursor) && !range.IsFuture(cursor)
            ? cursor
            : throw new GraphQLException("`after` is not a cursor of this service. Leave it out to begin with a snapshot.", ErrorCodes.InvalidCursor);

    /// <param name="position">Where the stream still is: who is cut off before the snapshot has come and returns with this cursor is reset again.</param>
    private static TMessage Reset<TMessage>(EventCursor position) where TMessage : class =>
        (TMessage)(object)new StreamReset(position.ToString(), "Changes since your cursor are not kept any more. Forget the state; a snapshot follows.");
}
