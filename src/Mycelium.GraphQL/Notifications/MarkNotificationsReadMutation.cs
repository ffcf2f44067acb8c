using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Notifications;

namespace Mycelium.GraphQL.Notifications;

/// <summary>Which notifications to mark: some of them, or all up to one.</summary>
/// <param name="Ids">These, at most 100. Those that are not the caller's are ignored.</param>
/// <param name="UpTo">This one and all that are older.</param>
[OneOf]
public sealed record MarkNotificationsReadInput(
    [property: ID<Notification>, MaxLength(Limits.NotificationsMarkedMax)] IReadOnlyList<NotificationId>? Ids = null,
    [property: ID<Notification>] NotificationId? UpTo = null);

[MutationType]
public static class MarkNotificationsReadMutation
{
    /// <summary>Marks notifications of the caller as read. Those that are read already stay as they are, so it can be repeated.</summary>
    [Authorize]
    [GraphQLName("markNotificationsRead")]
    public static async Task<IMarkNotificationsReadResult> Execute(
        MarkNotificationsReadInput input, ClaimsPrincipal user, MarkNotificationsRead mark, CancellationToken cancellation)
    {
        AccountId account = user.RequiredAccountId();
        return input.UpTo is { } last
            ? await mark.Execute(account, last, cancellation)
            : await mark.Execute(account, input.Ids ?? [], cancellation);
    }
}
