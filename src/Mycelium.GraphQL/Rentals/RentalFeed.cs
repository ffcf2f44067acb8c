using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Rentals;

[SubscriptionType]
public static class RentalFeed
{
    /// <summary>
    /// The caller's rentals, live: a snapshot of the active ones, then every beginning, change and end in the order of commits. With <c>after</c> it begins with what
    /// was missed instead.
    /// </summary>
    [Authorize]
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    public static IRentalMessage OnRentalChanged([EventMessage] IRentalMessage message) => message;

    /// <param name="feed">Where events come from.</param>
    /// <param name="snapshots">Where the state comes from.</param>
    /// <param name="user">The caller.</param>
    /// <param name="after">The cursor of the last message that was handled.</param>
    internal static SharedSource Stream(EventFeed feed, EventSnapshots snapshots, ClaimsPrincipal user, string? after = null) =>
        feed.Follow(after, new Source(snapshots, user.RequiredAccountId()));

    private sealed class Source(EventSnapshots snapshots, AccountId renter) : FeedSource<IRentalMessage>
    {
        public override async Task<(IReadOnlyList<IRentalMessage> Messages, EventCursor Cursor)> Snapshot(EventCursors cursors, CancellationToken cancellation)
        {
            (List<Rental> rows, EventCursor cursor) = await snapshots.ReadAsync(
                (db, token) => db.Rentals.Where(rental => rental.RenterId == renter && rental.Status == RentalStatus.Active).OrderBy(rental => rental.Id).ToSnapshotAsync(token),
                cancellation);
            return (rows.InPages<Rental, IRentalMessage>(cursors, cursor, page => new RentalsSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast)), cursor);
        }

        public override IEnumerable<Func<string, IRentalMessage>> Tell(CommittedEvent told)
        {
            if (told.Kind == EventKind.Rental && told.AccountId == renter)
                yield return cursor => new RentalChanged(cursor, told.Reason, told.Rental);
        }

        public override IFeedIndex CreateIndex() => new KeyedIndex<AccountId, Source>(source => source.Renter, told => told.Kind == EventKind.Rental ? told.AccountId : null);

        private AccountId Renter => renter;
    }
}
