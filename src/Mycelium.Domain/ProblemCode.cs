namespace Mycelium.Domain;

/// <summary>Why an operation was refused. New codes may be added; a code never changes its meaning.</summary>
public enum ProblemCode
{
    /// <summary>No account has this ID.</summary>
    AccountNotFound,

    /// <summary>The amount is outside the allowed range of a deposit.</summary>
    AmountOutOfRange,

    /// <summary>The partner would have too many documents, or too large ones.</summary>
    DocumentQuotaExceeded,

    /// <summary>Nobody makes machines on the grid yet, so that nothing can be rented there.</summary>
    GridHasNoProvisioner,

    /// <summary>The market has no grid with this name.</summary>
    GridNotFound,

    /// <summary>There is no shrink of the grid to confirm.</summary>
    GridNotShrinking,

    /// <summary>The number of nodes that the grid lists has changed since the caller looked.</summary>
    GridShrinkChanged,

    /// <summary>The grid has no image with this ID.</summary>
    ImageNotFound,

    /// <summary>The idempotency key was already used with different input.</summary>
    IdempotencyKeyReused,

    /// <summary>The wallet holds less than the total.</summary>
    InsufficientFunds,

    /// <summary>Some input values break the rules of their fields.</summary>
    InvalidInput,

    /// <summary>The quantity is outside the allowed range of a rental.</summary>
    InvalidQuantity,

    /// <summary>The term is not an allowed number of hours or months.</summary>
    InvalidRentalTerm,

    /// <summary>The text is not an SSH public key of an accepted kind.</summary>
    InvalidSshPublicKey,

    /// <summary>The rental's machine is ready.</summary>
    MachineIsReady,

    /// <summary>The node is already registered.</summary>
    NodeAlreadyRegistered,

    /// <summary>The node is already published.</summary>
    NodeAlreadyPublished,

    /// <summary>Too many callers want this node right now; retry shortly.</summary>
    NodeContended,

    /// <summary>The node could not hold one base slice even if it were empty.</summary>
    NodeHoldsNoSlice,

    /// <summary>No node has this ID.</summary>
    NodeNotFound,

    /// <summary>The grid has no node with this number, or it has not been read yet.</summary>
    NodeNotOnGrid,

    /// <summary>The node is not published.</summary>
    NodeNotPublished,

    /// <summary>No farmer has registered the node yet.</summary>
    NodeNotRegistered,

    /// <summary>Nothing can be rented on the node now.</summary>
    NodeUnavailable,

    /// <summary>Fewer units are free than requested.</summary>
    NotEnoughSlices,

    /// <summary>The node belongs to another farmer's farm.</summary>
    NotYourNode,

    /// <summary>A document cannot be run against the schema.</summary>
    OperationsInvalid,

    /// <summary>The price is outside the allowed range.</summary>
    PriceOutOfRange,

    /// <summary>The quote was used for another rental.</summary>
    QuoteUsed,

    /// <summary>The account has reached a limit on renting or cancelling.</summary>
    RentalLimitReached,

    /// <summary>The quote has expired.</summary>
    QuoteExpired,

    /// <summary>The quote is for another wish.</summary>
    QuoteMismatch,

    /// <summary>The rental has already ended.</summary>
    RentalAlreadyEnded,

    /// <summary>The rental's grid sells slices without machines.</summary>
    RentalHasNoMachine,

    /// <summary>The caller has no rental with this ID.</summary>
    RentalNotFound,

    /// <summary>The node does not sell a slice combination with this ID.</summary>
    SliceCombinationNotFound,

    /// <summary>The twin is linked to another account.</summary>
    TwinAlreadyLinked,

    /// <summary>No known farm of the grid belongs to the twin.</summary>
    TwinNotFound,

    /// <summary>The twin is not linked to an account.</summary>
    TwinNotLinked,

    /// <summary>The account owes money, and starts nothing new until that is paid.</summary>
    AccountOwes,

    /// <summary>The node belongs to another farmer now.</summary>
    FarmerChanged,

    /// <summary>Slices cannot be held for so long.</summary>
    InvalidHoldTime,

    /// <summary>The name is not one that a rental can have.</summary>
    InvalidRentalName,

    /// <summary>The text is not a name of a gateway.</summary>
    InvalidName,

    /// <summary>Somebody holds the name.</summary>
    NameTaken,

    /// <summary>The account holds as many names as it may.</summary>
    NameLimitReached,

    /// <summary>The caller holds no name with this ID.</summary>
    NameNotFound,

    /// <summary>The rental is on another grid than the name.</summary>
    RentalOnOtherGrid,

    /// <summary>A term, a quote or a spending limit does not go with how the rental is to be paid.</summary>
    InvalidBilling,

    /// <summary>The rental is paid by the hour.</summary>
    RentalIsMetered,

    /// <summary>The rental is paid in advance.</summary>
    RentalIsPrepaid,

    /// <summary>The rental is not active.</summary>
    RentalNotActive,

    /// <summary>The rental would end later than the longest term from now.</summary>
    RentalReachesTooFar,

    /// <summary>The reservation has ended.</summary>
    ReservationEnded,

    /// <summary>The account holds as much as it may.</summary>
    ReservationLimitReached,

    /// <summary>The reservation is for something else.</summary>
    ReservationMismatch,

    /// <summary>The caller has no reservation with this ID.</summary>
    ReservationNotFound,

    /// <summary>The amount has fractions of a cent.</summary>
    AmountNotInCents,

    /// <summary>The service has no payment provider, or it does not answer.</summary>
    PaymentsUnavailable,

    /// <summary>Less than that can be withdrawn.</summary>
    NotWithdrawable,

    /// <summary>The service pays nothing out.</summary>
    PayoutsUnavailable,

    /// <summary>The withdrawal was decided otherwise before.</summary>
    WithdrawalAlreadyDecided,

    /// <summary>There is no withdrawal with this ID.</summary>
    WithdrawalNotFound,

    /// <summary>The rental's slices are not a whole number of units of the combination.</summary>
    CombinationDoesNotFit,

    /// <summary>What is left of the rental does not pay for an hour.</summary>
    InsufficientRemaining,

    /// <summary>The rental's node is not down, or not for long enough yet.</summary>
    NodeNotDown,

    /// <summary>The rental is a machine on a whole node, and its time is that of the node's rental.</summary>
    MachineFollowsHost,

    /// <summary>Somebody rents the node whole.</summary>
    NodeAlreadyRented,

    /// <summary>The machines on the node leave fewer slices than requested.</summary>
    NodeFull,

    /// <summary>Slices of the node are rented or held.</summary>
    NodeHasRentals,

    /// <summary>The node cannot be rented whole.</summary>
    NodeNotAvailable,

    /// <summary>The rental is not of a whole node.</summary>
    RentalNotOfNode,

    /// <summary>The rental of a whole node cannot be moved.</summary>
    WholeNodeStays,
}
