namespace Mycelium.Domain.Notifications;

/// <summary>The ID of a notification: a UUID of version 7, so IDs sort by creation time.</summary>
public readonly record struct NotificationId(Guid Value) : IComparable<NotificationId>
{
    public static NotificationId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(NotificationId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
