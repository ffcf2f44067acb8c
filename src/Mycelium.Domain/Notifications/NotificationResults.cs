namespace Mycelium.Domain.Notifications;

/// <summary>The possible results of marking notifications as read.</summary>
public interface IMarkNotificationsReadResult;

/// <summary>The notifications are marked as read.</summary>
/// <param name="Count">How many were unread before. IDs of other accounts, and those that do not exist, count as nothing.</param>
/// <param name="UnreadCount">How many of the caller's are still unread.</param>
public sealed record NotificationsRead(int Count, int UnreadCount) : IMarkNotificationsReadResult;
