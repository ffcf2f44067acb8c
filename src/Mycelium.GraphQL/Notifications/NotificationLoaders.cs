using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Notifications;

/// <summary>A notification as one account may see it: somebody else's is as unknown as one that never was.</summary>
public readonly record struct OwnNotification(AccountId AccountId, NotificationId NotificationId);

public sealed class OwnNotificationDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<OwnNotification, Notification>
{
    protected override async Task<IReadOnlyDictionary<OwnNotification, Notification>> LoadBatchAsync(
        IReadOnlyList<OwnNotification> keys, CancellationToken cancellation)
    {
        NotificationId[] ids = [.. keys.Select(key => key.NotificationId)];
        AccountId[] accounts = [.. keys.Select(key => key.AccountId).Distinct()];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<Notification> found = await db.Notifications
            .Where(notification => ids.Contains(notification.Id) && accounts.Contains(notification.AccountId)).ToListAsync(cancellation);
        return found.ToDictionary(notification => new OwnNotification(notification.AccountId, notification.Id));
    }
}
