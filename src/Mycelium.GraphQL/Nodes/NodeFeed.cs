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
    /// Machines of the grids, live: a snapshot of what matches <c>where</c>, then every change to it in commit order. With <c>after</c>, it starts
    /// with what you missed since that cursor instead of a snapshot.
    /// </summary>
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [UseFiltering(typeof(GridNode))]
    [GraphQLType("GridNodeMessage!")]
    public static IStreamEvent OnGridNodeChanged([EventMessage] IStreamEvent message) => message;

    /// <param name="context">The field, with its filter.</param>
    /// <param name="services">Where events and state come from.</param>
    /// <param name="after">The cursor of the last message that you handled.</param>
    internal static SharedSource Stream(ResolverContext context, FeedServices services, string? after = null) =>
        new Source(services, after, context.Filter<GridNode>());

    private sealed class Source(FeedServices services, string? after, FilterPredicate<GridNode>? filter) : Feed(services, after)
    {
        public override Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => ReadSnapshotAsync<GridNode>(
            db => (filter is null ? db.GridNodes : db.GridNodes.Where(filter.ToExpression(db.GridNodes))).OrderBy(row => row.Id),
            page => new GridNodesSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast), cancellation);

        public override IFeedIndex CreateIndex() => new FilteredIndex<GridNode, Source>(
            feed => feed.Filter,
            committed => committed.Kind != EventKind.Node ? [] : committed.NodeBefore is { } before ? [committed.Node, before] : [committed.Node]);

        protected override IEnumerable<Func<string, IGridNodeMessage>> MessagesOf(CommittedEvent committed)
        {
            if (committed.Kind != EventKind.Node)
                yield break;

            if (Matches(committed.Node))
                yield return cursor => new GridNodeChanged(cursor, committed.Reason, committed.Node);
            else if (committed.NodeBefore is { } before && Matches(before))
                yield return cursor => new GridNodeLeft(cursor, committed.Reason, committed.Node.Id);
        }

        private FilterPredicate<GridNode>? Filter => filter;

        private bool Matches(GridNode node) => filter is null || filter.Matches(node);
    }
}
