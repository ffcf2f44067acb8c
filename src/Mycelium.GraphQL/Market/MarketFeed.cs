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
    /// What can be rented, live: a snapshot of what matches <c>where</c>, then every change of it in the order of commits. With <c>after</c> it begins with what
    /// was missed instead.
    /// </summary>
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [UseFiltering(typeof(SliceCombination))]
    public static ISliceCombinationMessage OnSliceCombinationChanged([EventMessage] ISliceCombinationMessage message) => message;

    /// <param name="context">The field, with its filter.</param>
    /// <param name="feed">Where events come from.</param>
    /// <param name="snapshots">Where the state comes from.</param>
    /// <param name="after">The cursor of the last message that was handled.</param>
    internal static SharedSource Stream(ResolverContext context, EventFeed feed, EventSnapshots snapshots, string? after = null) =>
        feed.Follow(after, new Source(snapshots, context.Filter<SliceCombination>()));

    private sealed class Source(EventSnapshots snapshots, FilterPredicate<SliceCombination>? filter) : FeedSource<ISliceCombinationMessage>
    {
        public override async Task<(IReadOnlyList<ISliceCombinationMessage> Messages, EventCursor Cursor)> Snapshot(EventCursors cursors, CancellationToken cancellation)
        {
            (List<SliceCombination> rows, EventCursor cursor) = await snapshots.ReadAsync(
                (db, token) => (filter is null ? db.SliceCombinations : db.SliceCombinations.Where(filter.ToExpression(db.SliceCombinations))).OrderBy(row => row.Id).ToSnapshotAsync(token),
                cancellation);
            return (rows.InPages<SliceCombination, ISliceCombinationMessage>(cursors, cursor, page => new SliceCombinationsSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast)), cursor);
        }

        public override IEnumerable<Func<string, ISliceCombinationMessage>> Tell(CommittedEvent told)
        {
            if (told.Kind != EventKind.Node)
                yield break;

            ChangeReason reason = told.Reason;
            foreach (SliceCombination now in told.Combinations)
            {
                SliceCombination? before = told.CombinationsBefore.FirstOrDefault(combination => combination.Id == now.Id);
                bool matched = before is not null && Matches(before);
                if (Matches(now) && !(matched && now.OffersTheSameAs(before!)))
                    yield return cursor => new SliceCombinationChanged(cursor, reason, now);
                else if (matched && !Matches(now))
                    yield return cursor => new SliceCombinationLeft(cursor, reason, now.Id);
            }
            foreach (SliceCombination before in told.CombinationsBefore)
            {
                if (Matches(before) && told.Combinations.All(now => now.Id != before.Id))
                    yield return cursor => new SliceCombinationLeft(cursor, reason, before.Id);
            }
        }

        public override IFeedIndex CreateIndex() => new FilteredIndex<SliceCombination, Source>(
            source => source.Filter, told => told.Kind == EventKind.Node ? told.Combinations.Concat(told.CombinationsBefore) : []);

        private FilterPredicate<SliceCombination>? Filter => filter;

        private bool Matches(SliceCombination combination) => filter is null || filter.Matches(combination);
    }
}
