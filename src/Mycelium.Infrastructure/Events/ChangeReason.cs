using System.Collections.Frozen;

namespace Mycelium.Infrastructure.Events;

/// <summary>Why something changed. New reasons may be added.</summary>
public enum ChangeReason
{
    /// <summary>A reason that this server does not know yet: replicas of a newer release run next to it.</summary>
    Other,

    /// <summary>The grid reports the node for the first time.</summary>
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

    /// <summary>Somebody holds slices of the node while deciding.</summary>
    SlicesReserved,

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

    /// <summary>Something else that the grid reports of the node changed.</summary>
    NodeObserved,

    /// <summary>
    /// The node's farm has another owner, or the node moved to another owner's farm: its registration, price and publication ended. Existing rentals continue
    /// and still pay the previous farmer.
    /// </summary>
    NodeLostFarmer,

    /// <summary>The node's farm changed.</summary>
    FarmChanged,

    /// <summary>
    /// The node's farm has another owner, or none: the grid names another linked twin, or an operator linked or unlinked one. The new owner may register the
    /// node. What the previous owner lost is in <see cref="NodeLostFarmer"/>.
    /// </summary>
    FarmOwnerChanged,

    /// <summary>The rental began.</summary>
    RentalStarted,

    /// <summary>The slices can be reached, and billing began.</summary>
    RentalActivated,

    /// <summary>Its renter extended the rental.</summary>
    RentalExtended,

    /// <summary>The rental renewed itself.</summary>
    RentalRenewed,

    /// <summary>A renewal that had been paid was given back before it started.</summary>
    RenewalRefunded,

    /// <summary>Its renter set or stopped its renewal.</summary>
    RentalAutoRenewSet,

    /// <summary>Its renter named the rental.</summary>
    RentalRenamed,

    /// <summary>
    /// The term ended without the renewal that its renter wanted, or an hour of a metered rental could not be paid; slices and data are kept for some days.
    /// </summary>
    RentalEnteredGrace,

    /// <summary>The metered rental paid what it owed, and goes on.</summary>
    RentalResumed,

    /// <summary>Its renter limited what the metered rental may cost, or lifted the limit.</summary>
    RentalSpendingLimitSet,

    /// <summary>The machine could not be made, and everything was refunded.</summary>
    RentalFailed,

    /// <summary>Its renter moved the rental to another node, where another rental continues it.</summary>
    RentalMoved,

    /// <summary>The rental ended early.</summary>
    RentalCancelled,

    /// <summary>The rental's term ended.</summary>
    RentalEnded,

    /// <summary>The notification is new.</summary>
    NotificationCreated,

    /// <summary>Its account marked the notification as read.</summary>
    NotificationRead,

    /// <summary>Money came into the wallet or left it.</summary>
    WalletChanged,
}

internal static class ChangeReasons
{
    /// <summary>
    /// By the names that the triggers in <c>Schema/Definitions/Events</c> write. They have called a rental whose term ended expired from the start.
    /// </summary>
    private static readonly FrozenDictionary<string, ChangeReason> byName =
        Enum.GetValues<ChangeReason>().ToFrozenDictionary(reason => reason == ChangeReason.RentalEnded ? "RentalExpired" : reason.ToString());

    public static ChangeReason Parse(string name) => byName.GetValueOrDefault(name, ChangeReason.Other);
}
