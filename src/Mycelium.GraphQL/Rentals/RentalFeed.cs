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
    /// The caller's rentals, live: a snapshot of the active ones, then every start, change and end in commit order. With <c>after</c>, it starts with
    /// what you missed since that cursor instead of a snapshot.
    /// </summary>
    [Authorize]
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [GraphQLType("RentalMessage!")]
    public static IStreamEvent OnRentalChanged([EventMessage] IStreamEvent message) => message;

    /// <param name="services">Where events and state come from.</param>
    /// <param name="user">The caller.</param>
    /// <param name="after">The cursor of the last message that you handled.</param>
    internal static SharedSource Stream(FeedServices services, ClaimsPrincipal user, string? after = null) =>
        new Source(services, after, user.RequiredAccountId());

    private sealed class Source(FeedServices services, string? after, AccountId renter) : Feed(services, after)
    {
        public override Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => ReadSnapshotAsync<Rental>(
            db => db.Rentals.Where(rental => rental.RenterId == renter && rental.Status == RentalStatus.Active).OrderBy(rental => rental.Id),
            page => new RentalsSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast), cancellation);

        public override IFeedIndex CreateIndex() =>
            new KeyedIndex<AccountId, Source>(feed => feed.Renter, committed => committed.Kind == EventKind.Rental ? committed.AccountId : null);

        protected override IEnumerable<Func<string, IRentalMessage>> MessagesOf(CommittedEvent committed)
        {
            if (committed.Kind == EventKind.Rental && committed.AccountId == renter)
                yield return cursor => new RentalChanged(cursor, committed.Reason, committed.Rental);
        }

        private AccountId Renter => renter;
    }
}
