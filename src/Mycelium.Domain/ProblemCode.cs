namespace Mycelium.Domain;

/// <summary>Why an operation was refused. New codes may be added; a code never changes its meaning.</summary>
public enum ProblemCode
{
    /// <summary>No account has this id.</summary>
    AccountNotFound,

    /// <summary>The amount is outside what one deposit may be.</summary>
    AmountOutOfRange,

    /// <summary>The partner would have more documents, or larger ones, than a partner may have.</summary>
    DocumentQuotaExceeded,

    /// <summary>The market knows no grid of this name.</summary>
    GridNotFound,

    /// <summary>No shrink of the grid waits to be confirmed.</summary>
    GridNotShrinking,

    /// <summary>The grid lists another number of its nodes than the caller saw.</summary>
    GridShrinkChanged,

    /// <summary>The idempotency key was used before, with other input.</summary>
    IdempotencyKeyReused,

    /// <summary>The wallet holds less than the total.</summary>
    InsufficientFunds,

    /// <summary>Values of the input break rules of their fields.</summary>
    InvalidInput,

    /// <summary>The quantity is outside what one rental may have.</summary>
    InvalidQuantity,

    /// <summary>The term is neither a number of hours nor a number of months that can be rented.</summary>
    InvalidRentalTerm,

    /// <summary>The text is not an SSH public key of an accepted kind.</summary>
    InvalidSshPublicKey,

    /// <summary>The node is already registered.</summary>
    NodeAlreadyRegistered,

    /// <summary>The node is already published.</summary>
    NodeAlreadyPublished,

    /// <summary>Too many callers want this node at this moment; ask again shortly.</summary>
    NodeContended,

    /// <summary>The node could not hold one base slice even if it were empty.</summary>
    NodeHoldsNoSlice,

    /// <summary>No node has this ID.</summary>
    NodeNotFound,

    /// <summary>The grid has no node of this number, or it has not been read yet.</summary>
    NodeNotOnGrid,

    /// <summary>The node is not published.</summary>
    NodeNotPublished,

    /// <summary>No farmer has registered the node yet.</summary>
    NodeNotRegistered,

    /// <summary>The node sells nothing at this moment.</summary>
    NodeUnavailable,

    /// <summary>Fewer slices are free than were asked for.</summary>
    NotEnoughSlices,

    /// <summary>The node belongs to another farmer's farm.</summary>
    NotYourNode,

    /// <summary>A document cannot be run against the schema.</summary>
    OperationsInvalid,

    /// <summary>The price is outside the allowed range.</summary>
    PriceOutOfRange,

    /// <summary>The quote was used for another rental.</summary>
    QuoteUsed,

    /// <summary>The account rents or cancels more than one account may.</summary>
    RentalLimitReached,

    /// <summary>The quote's time has passed.</summary>
    QuoteExpired,

    /// <summary>The quote is for another wish.</summary>
    QuoteMismatch,

    /// <summary>The rental has ended already.</summary>
    RentalAlreadyEnded,

    /// <summary>The caller has no rental of this id.</summary>
    RentalNotFound,

    /// <summary>The node sells no slice combination of this id.</summary>
    SliceCombinationNotFound,

    /// <summary>The twin is linked to another account.</summary>
    TwinAlreadyLinked,

    /// <summary>No known farm of the grid is the twin's.</summary>
    TwinNotFound,

    /// <summary>The twin is linked to no account.</summary>
    TwinNotLinked,
}
