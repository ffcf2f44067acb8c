using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Notifications;

[QueryType]
public static class NotificationQuery
{
    /// <summary>What the caller was told, newest first. The latest 1,000 are kept, for 90 days at least.</summary>
    [Authorize]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Notification> GetNotifications(MyceliumDb db, ClaimsPrincipal user)
    {
        AccountId account = user.RequiredAccountId();
        return db.Notifications.Where(notification => notification.AccountId == account).OrderByDescending(notification => notification.Id);
    }
}
