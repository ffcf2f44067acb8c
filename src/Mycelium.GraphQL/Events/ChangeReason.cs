using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>Why something changed, or why a message came at all. New reasons may be added.</summary>
public enum ChangeReason
{
    /// <summary>The state at the start of a stream without <c>after</c>, or after a reset.</summary>
    Snapshot,

    /// <summary>Changes may be missing before this message; a snapshot follows.</summary>
    Reset,

    /// <summary>Nothing that matches has changed; the cursor moved on.</summary>
    Bookmark,

    /// <summary>The grid tells of the node for the first time.</summary>
    NodeDiscovered,

    /// <summary>Its farmer registered the node.</summary>
    NodeRegistered,

    /// <summary>Its farmer put the node on the market.</summary>
    NodePublished,

    /// <summary>Its farmer took the node off the market.</summary>
    NodeUnpublished,

    /// <summary>Its farmer changed the price of new rentals.</summary>
    NodeRepriced,

    /// <summary>Somebody rented slices of the node.</summary>
    SlicesRented,

    /// <summary>Slices of the node are free again.</summary>
    SlicesReleased,

    /// <summary>Three complete passes over the grid did not see the node.</summary>
    NodeVanished,

    /// <summary>The node had vanished, and is seen again.</summary>
    NodeReturned,

    /// <summary>The node shrank below what is rented: rentals stay, sales stop.</summary>
    NodeOvercommitted,

    /// <summary>All that is rented of the node fits again.</summary>
    NodeNoLongerOvercommitted,

    /// <summary>The node went up, down or to sleep.</summary>
    NodeStatusChanged,

    /// <summary>The grid leaves us more or fewer slices of the node.</summary>
    NodeCapacityChanged,

    /// <summary>Something else that the grid tells of the node changed.</summary>
    NodeObserved,

    /// <summary>
    /// The node's farm has another owner, or the node is in another owner's farm: registration, price and publication ended. Rentals go on, and pay whom they promised.
    /// </summary>
    NodeLostFarmer,

    /// <summary>The node's farm changed.</summary>
    FarmChanged,

    /// <summary>
    /// The node's farm has another owner, or none: the grid names another linked twin, or an operator linked or unlinked one. The new owner may register the node;
    /// <see cref="NodeLostFarmer"/> tells what the one before has lost.
    /// </summary>
    FarmOwnerChanged,

    /// <summary>The rental began.</summary>
    RentalStarted,

    /// <summary>Its renter ended the rental early.</summary>
    RentalCancelled,

    /// <summary>The rental's term ended.</summary>
    RentalExpired,

    /// <summary>A reason that this server does not know yet: replicas of a newer release run next to it.</summary>
    Other,
}

internal static class ChangeReasons
{
    private static readonly Dictionary<EventReason, ChangeReason> reasons = Enum.GetValues<EventReason>()
        .ToDictionary(reason => reason, reason => reason == EventReason.Unknown ? ChangeReason.Other : Enum.Parse<ChangeReason>(reason.ToString()));

    public static ChangeReason Of(CommittedEvent committed) => reasons[committed.Reason];
}
