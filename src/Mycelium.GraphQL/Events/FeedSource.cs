using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>What one subscription makes of the order of events: its snapshot, what it tells of an event, and which events can concern it.</summary>
/// <typeparam name="TMessage">The union that the subscription answers with; <see cref="StreamReset"/> and <see cref="StreamBookmark"/> are members of each.</typeparam>
public abstract class FeedSource<TMessage> where TMessage : class
{
    /// <summary>The state at this moment as messages, with the place from which changes go on.</summary>
    /// <param name="cursors">How clients carry the place.</param>
    /// <param name="cancellation">Nobody waits for it any more.</param>
    public abstract Task<(IReadOnlyList<TMessage> Messages, EventCursor Cursor)> Snapshot(EventCursors cursors, CancellationToken cancellation);

    /// <summary>
    /// The messages that an event means to this subscriber, each still to be given its cursor; none when it does not concern it. Asked for all subscribers of the
    /// same operation, variables and rights at once.
    /// </summary>
    public abstract IEnumerable<Func<string, TMessage>> Tell(CommittedEvent told);

    /// <summary>An index for sources of this class.</summary>
    public abstract IFeedIndex CreateIndex();
}
