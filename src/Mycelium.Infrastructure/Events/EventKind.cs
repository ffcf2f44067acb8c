namespace Mycelium.Infrastructure.Events;

/// <summary>What an event is about. The names are those of the column <c>events.kind</c>, in capitals.</summary>
public enum EventKind
{
    /// <summary>A kind that a newer release writes. Readers pass over it.</summary>
    Unknown,

    Node,
    Rental,
}

/// <summary>Why something changed. The names are those that the triggers in <c>Schema/Definitions/Events</c> write.</summary>
public enum EventReason
{
    /// <summary>A reason that a newer release writes.</summary>
    Unknown,

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
    NodeLostFarmer,
    FarmChanged,
    FarmOwnerChanged,
    RentalStarted,
    RentalCancelled,
    RentalExpired,
}
