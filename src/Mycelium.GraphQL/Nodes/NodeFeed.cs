using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Nodes;

[SubscriptionType]
public static class NodeFeed
{
    /// <summary>
    /// Machines of the grids, live: a snapshot of what matches <c>where</c>, then every change of it in the order of commits. With <c>after</c> it begins with what
    /// was missed instead.
    /// </summary>
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [UseFiltering(typeof(GridNode))]
    public static IGridNodeMessage OnGridNodeChanged([EventMessage] IGridNodeMessage message) => message;

    /// <param name="context">The field, with its filter.</param>
    /// <param name="feed">Where events come from.</param>
    /// <param name="snapshots">Where the state comes from.</param>
    /// <param name="after">The cursor of the last message that was handled.</param>
    internal static SharedSource Stream(ResolverContext context, EventFeed feed, EventSnapshots snapshots, string? after = null) =>
        feed.Follow(after, new Source(snapshots, context.Filter<GridNode>()));

    private sealed class Source(EventSnapshots snapshots, FilterPredicate<GridNode>? filter) : FeedSource<IGridNodeMessage>
    {
        public override async Task<(IReadOnlyList<IGridNodeMessage> Messages, EventCursor Cursor)> Snapshot(EventCursors cursors, CancellationToken cancellation)
        {
            (List<GridNode> rows, EventCursor cursor) = await snapshots.ReadAsync(
                (db, token) => (filter is null ? db.GridNodes : db.GridNodes.Where(filter.ToExpression(db.GridNodes))).OrderBy(row => row.Id).ToSnapshotAsync(token), cancellation);
            return (rows.InPages<GridNode, IGridNodeMessage>(cursors, cursor, page => new GridNodesSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast)), cursor);
        }

        public override IEnumerable<Func<string, IGridNodeMessage>> Tell(CommittedEvent told)
        {
            if (told.Kind != EventKind.Node)
                yield break;

            if (Matches(told.Node))
                yield return cursor => new GridNodeChanged(cursor, told.Reason, told.Node);
            else if (told.NodeBefore is { } before && Matches(before))
                yield return cursor => new GridNodeLeft(cursor, told.Reason, told.Node.Id);
        }

        public override IFeedIndex CreateIndex() => new FilteredIndex<GridNode, Source>(
            source => source.Filter, told => told.Kind != EventKind.Node ? [] : told.NodeBefore is { } before ? [told.Node, before] : [told.Node]);

        private FilterPredicate<GridNode>? Filter => filter;

        private bool Matches(GridNode node) => filter is null || filter.Matches(node);
    }
}
