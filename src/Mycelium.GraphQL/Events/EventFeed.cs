using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>Starts streams over the order of events.</summary>
public sealed class EventFeed(EventTail tail, EventStore store, LiveFeeds live, UnreadableEvents unreadable, EventCursors cursors, TimeProvider clock)
{
    /// <param name="after">The cursor to go on from, or null to begin with a snapshot.</param>
    /// <param name="source">What the subscriber makes of events.</param>
    public SharedSource Follow<TMessage>(string? after, FeedSource<TMessage> source) where TMessage : class =>
        new FeedStream<TMessage>(after, source, tail, store, live, unreadable, cursors, clock);
}
