using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>What every <see cref="Feed"/> is made with.</summary>
/// <param name="Tail">Events as they come.</param>
/// <param name="Store">Which events there are.</param>
/// <param name="Snapshots">Where the state comes from.</param>
/// <param name="Live">The present.</param>
/// <param name="Unreadable">Where events are reported that cannot be read.</param>
/// <param name="Cursors">How clients carry places.</param>
/// <param name="Clock">For bookmarks.</param>
public sealed record FeedServices(
    EventTail Tail, EventStore Store, EventSnapshots Snapshots, LiveFeeds Live, UnreadableEvents Unreadable, EventCursors Cursors, TimeProvider Clock);
