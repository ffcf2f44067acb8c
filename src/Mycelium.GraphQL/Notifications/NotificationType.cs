using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Nodes;
using Mycelium.GraphQL.Rentals;
using Mycelium.Infrastructure.Notifications;

namespace Mycelium.GraphQL.Notifications;

/// <summary>Something that the account should know. Nobody else sees it.</summary>
[ObjectType<Notification>]
[ExtendObjectType<Notification>(IgnoreProperties =
    [
        nameof(Notification.AccountId), nameof(Notification.NodeId), nameof(Notification.Subject),
        nameof(Notification.Detail), nameof(Notification.Key), nameof(Notification.Title), nameof(Notification.Message),
    ])]
public static class NotificationType
{
    [NodeResolver]
    public static async Task<Notification?> Get(NotificationId id, ClaimsPrincipal user, OwnNotificationDataLoader notifications) =>
        user.AccountId() is { } account ? await notifications.LoadAsync(new OwnNotification(account, id)) : null;

    /// <summary>What happened, in a few words, for people to read. Programs read <c>kind</c>.</summary>
    /// <remarks>A method, as the message is: neither is stored, so nothing is filtered or ordered by it.</remarks>
    [Cost(0)]
    public static string GetTitle([Parent(nameof(Notification.Kind))] Notification notification) => notification.Title;

    /// <summary>What happened and what can be done about it, for people to read, with times in UTC.</summary>
    [Cost(0)]
    public static string GetMessage(
        [Parent(
            nameof(Notification.Kind), nameof(Notification.NodeId), nameof(Notification.Subject), nameof(Notification.Amount),
            nameof(Notification.EffectiveAt), nameof(Notification.Detail))]
        Notification notification) => notification.Message;

    /// <summary>The rental that it is about; null if there is none.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<Rental?> GetRental(
        [Parent(nameof(Notification.RentalId))] Notification notification, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        notification.RentalId is { } id ? await rentals.LoadAsync(new RenterRental(user.RequiredAccountId(), id)) : null;

    /// <summary>The machine that it is about; null if there is none.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<GridNode?> GetGridNode([Parent(nameof(Notification.NodeId))] Notification notification, GridNodeByIdDataLoader nodes) =>
        notification.NodeId is { } id ? await nodes.LoadAsync(id) : null;
}

/// <summary>What an account has not read.</summary>
[ObjectType<ShownAccount>]
public static class UnreadNotifications
{
    /// <summary>How many notifications the caller has not read; null for every other account.</summary>
    public static async Task<int?> GetUnreadCount(
        [Parent] ShownAccount account, ClaimsPrincipal user, NotificationReader notifications, CancellationToken cancellation) =>
        user.AccountId() == account.Id ? await notifications.CountUnreadAsync(account.Id, cancellation) : null;
}
