using Mycelium.Domain.Notifications;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Notifications;

/// <summary>Everything that <c>onNotification</c> delivers.</summary>
[UnionType("NotificationMessage", Members = [typeof(StreamReset), typeof(StreamBookmark)])]
public interface INotificationMessage : IStreamEvent;

/// <summary>A part of the caller's unread notifications at the start of the stream.</summary>
/// <param name="Cursor">Where the stream continues. Before the last part, resuming from it starts the snapshot over.</param>
/// <param name="Notifications">At most 500, oldest first.</param>
/// <param name="IsFirst">A snapshot starts: discard the state that you have from this stream.</param>
/// <param name="IsLast">The snapshot is complete with this message.</param>
public sealed record NotificationsSnapshot(
    string Cursor, [property: ListSize(AssumedSize = Limits.SnapshotPageMax)] IReadOnlyList<Notification> Notifications, bool IsFirst, bool IsLast)
    : INotificationMessage;

/// <summary>A notification is new, or was marked as read.</summary>
public sealed record NotificationChanged(string Cursor, ChangeReason Reason, Notification Notification) : IChangeEvent, INotificationMessage;
