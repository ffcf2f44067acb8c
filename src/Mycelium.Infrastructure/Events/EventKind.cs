namespace Mycelium.Infrastructure.Events;

/// <summary>What an event tells of. The names are those of the column <c>events.kind</c>, in capitals.</summary>
public enum EventKind { Node, Rental, Wallet }

/// <summary>Why something changed. The names are those that the triggers of <c>0005_events.sql</c> write.</summary>
public enum EventReason
{
    NodeDiscovered,
    NodeRegistered,
    NodePublished,
    NodeUnpublished,
    NodeRepriced,
    SlicesRented,
    SlicesReleased,
    NodeVanished,
    NodeReturned,
    NodeOvercommitted,
    NodeNoLongerOvercommitted,
    NodeStatusChanged,
    NodeCapacityChanged,
    NodeObserved,
    FarmChanged,
    RentalStarted,
    RentalCancelled,
    RentalExpired,
    RentalChanged,
    FundsDeposited,
    RentalCharged,
    RentalSettled,
}
