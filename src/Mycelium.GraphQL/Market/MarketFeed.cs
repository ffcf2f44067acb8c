using Mycelium.Domain.Market;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Market;

[SubscriptionType]
public static class MarketFeed
{
    /// <summary>
    /// What can be rented, live: a snapshot of what matches <c>where</c>, then every change to it in commit order. With <c>after</c>, it starts with
    /// what you missed since that cursor instead of a snapshot.
    /// </summary>
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [UseFiltering(typeof(SliceCombination))]
    [GraphQLType("SliceCombinationMessage!")]
    public static IStreamEvent OnSliceCombinationChanged([EventMessage] IStreamEvent message) => message;

    /// <param name="context">The field, with its filter.</param>
    /// <param name="services">Where events and state come from.</param>
    /// <param name="after">The cursor of the last message that you handled.</param>
    internal static SharedSource Stream(ResolverContext context, FeedServices services, string? after = null) =>
        new Source(services, after, context.Filter<SliceCombination>());

    private sealed class Source(FeedServices services, string? after, FilterPredicate<SliceCombination>? filter) : Feed(services, after)
    {
        public override Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => ReadSnapshotAsync<SliceCombination>(
            db => (filter is null ? db.SliceCombinations : db.SliceCombinations.Where(filter.ToExpression(db.SliceCombinations))).OrderBy(row => row.Id),
            page => new SliceCombinationsSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast), cancellation);

        public override IFeedIndex CreateIndex() => new FilteredIndex<SliceCombination, Source>(
            feed => feed.Filter, committed => committed.Kind == EventKind.Node ? committed.Combinations.Concat(committed.CombinationsBefore) : []);

        protected override IEnumerable<Func<string, ISliceCombinationMessage>> MessagesOf(CommittedEvent committed)
        {
            if (committed.Kind != EventKind.Node)
                yield break;

            ChangeReason reason = committed.Reason;
            foreach (SliceCombination now in committed.Combinations)
            {
                SliceCombination? before = committed.CombinationsBefore.FirstOrDefault(combination => combination.Id == now.Id);
                bool matched = before is not null && Matches(before);
                if (Matches(now) && !(matched && now.OffersTheSameAs(before!)))
                    yield return cursor => new SliceCombinationChanged(cursor, reason, now);
                else if (matched && !Matches(now))
                    yield return cursor => new SliceCombinationLeft(cursor, reason, now.Id);
            }
            foreach (SliceCombination before in committed.CombinationsBefore)
            {
                if (Matches(before) && committed.Combinations.All(now => now.Id != before.Id))
                    yield return cursor => new SliceCombinationLeft(cursor, reason, before.Id);
            }
        }

        private FilterPredicate<SliceCombination>? Filter => filter;

        private bool Matches(SliceCombination combination) => filter is null || filter.Matches(combination);
    }
}
