namespace Mycelium.Infrastructure.Events;

/// <summary>What an event is about. The names are those of the column <c>events.kind</c>, in capitals.</summary>
public enum EventKind
{
    /// <summary>A kind that a newer release writes. Readers pass over it.</summary>
    Unknown,

    Node,
    Rental,
    Notification,
    Wallet,
}
