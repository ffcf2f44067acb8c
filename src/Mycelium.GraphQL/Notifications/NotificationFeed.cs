using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Notifications;

[SubscriptionType]
public static class NotificationFeed
{
    /// <summary>
    /// The caller's notifications, live: a snapshot of the unread ones, then every new one, and every one that is marked as read, in commit order. With
    /// <c>after</c>, it starts with what you missed since that cursor instead of a snapshot.
    /// </summary>
    [Authorize]
    [Subscribe(With = nameof(Stream))]
    [ResumesWith("after")]
    [GraphQLType("NotificationMessage!")]
    public static IStreamEvent OnNotification([EventMessage] IStreamEvent message) => message;

    /// <param name="services">Where events and state come from.</param>
    /// <param name="user">The caller.</param>
    /// <param name="after">The cursor of the last message that you handled.</param>
    internal static SharedSource Stream(FeedServices services, ClaimsPrincipal user, string? after = null) =>
        new Source(services, after, user.RequiredAccountId());

    private sealed class Source(FeedServices services, string? after, AccountId account) : Feed(services, after)
    {
        public override Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation) => ReadSnapshotAsync<Notification>(
            db => db.Notifications.Where(notification => notification.AccountId == account && notification.ReadAt == null)
                .OrderBy(notification => notification.Id),
            page => new NotificationsSnapshot(page.Cursor, page.Rows, page.IsFirst, page.IsLast), cancellation);

        public override IFeedIndex CreateIndex() =>
            new KeyedIndex<AccountId, Source>(feed => feed.Account, committed => committed.Kind == EventKind.Notification ? committed.AccountId : null);

        protected override IEnumerable<Func<string, INotificationMessage>> MessagesOf(CommittedEvent committed)
        {
            if (committed.Kind == EventKind.Notification && committed.AccountId == account)
                yield return cursor => new NotificationChanged(cursor, committed.Reason, committed.Notification);
        }

        private AccountId Account => account;
    }
}
