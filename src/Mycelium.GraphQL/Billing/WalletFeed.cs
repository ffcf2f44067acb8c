using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Billing;

[SubscriptionType]
public static class WalletFeed
{
    /// <summary>
    /// The caller's wallet, live: what it holds, then every movement, in commit order. With <c>after</c>, it starts with what you missed since that cursor
    /// instead of a snapshot.
    /// </summary>
    [Authorize]
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [GraphQLType("WalletMessage!")]
    public static IStreamEvent OnWalletChanged([EventMessage] IStreamEvent message) => message;

    /// <param name="services">Where events and state come from.</param>
    /// <param name="user">The caller.</param>
    /// <param name="after">The cursor of the last message that you handled.</param>
    internal static SharedSource Stream(FeedServices services, ClaimsPrincipal user, string? after = null) =>
        new Source(services, after, user.RequiredAccountId());

    private sealed class Source(FeedServices services, string? after, AccountId owner) : Feed(services, after)
    {
        /// <summary>A balance is what the last entry left.</summary>
        public override Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => ReadSnapshotAsync<WalletEntry>(
            db => db.WalletEntries.Where(entry => entry.AccountId == owner).OrderByDescending(entry => entry.Sequence).Take(1),
            page => new WalletSnapshot(
                page.Cursor, new Wallet(owner, page.Rows is [{ } last] ? last.BalanceAfter : MicroUsd.Zero), page.IsFirst, page.IsLast), cancellation);

        public override IFeedIndex CreateIndex() =>
            new KeyedIndex<AccountId, Source>(feed => feed.Owner, committed => committed.Kind == EventKind.Wallet ? committed.AccountId : null);

        protected override IEnumerable<Func<string, IWalletMessage>> MessagesOf(CommittedEvent committed)
        {
            if (committed.Kind == EventKind.Wallet && committed.AccountId == owner)
                yield return cursor => new WalletChanged(cursor, committed.Reason, committed.WalletEntry);
        }

        private AccountId Owner => owner;
    }
}
