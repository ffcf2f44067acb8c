using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>The possible results of renting slices.</summary>
public interface IRentSlicesResult;

/// <summary>The possible results of cancelling a rental.</summary>
public interface ICancelRentalResult;

/// <summary>The possible results of requesting what cancelling gives back.</summary>
public interface ICancelQuoteResult;

/// <summary>The possible results of ending a rental on behalf of its farmer or an operator.</summary>
public interface IEndRentalResult;

/// <summary>The possible results of extending a rental.</summary>
public interface IExtendRentalResult;

/// <summary>The possible results of requesting the price of an extension.</summary>
public interface IExtensionQuoteResult;

/// <summary>A reason why a rental cannot be extended now, however much is paid.</summary>
public interface IExtensionRefusal : IExtendRentalResult, IExtensionQuoteResult, IProblem;

/// <summary>The possible results of naming a rental.</summary>
public interface IRenameRentalResult;

/// <summary>The possible results of letting a rental renew itself, or not.</summary>
public interface ISetAutoRenewResult;

/// <summary>The possible results of limiting what a metered rental may cost.</summary>
public interface ISetSpendingLimitResult;

/// <summary>How a rental whose machine is ready begins.</summary>
public interface IRentalBegun;

/// <summary>What a pass over renewals did with a rental.</summary>
public interface IRenewalOutcome;

/// <summary>What the passing of time did to a rental.</summary>
public interface IRentalPassed
{
    Rental Rental { get; }
}

/// <summary>The slices are rented and paid.</summary>
public sealed record SlicesRented(Rental Rental) : IRentSlicesResult;

/// <summary>The rental ended early, and the unused part is back in the wallet.</summary>
public sealed record RentalCancelled(Rental Rental, MicroUsd Refund) : ICancelRentalResult;

/// <summary>The rental was ended on behalf of its farmer or an operator, and exactly the unused part is back in the renter's wallet.</summary>
/// <param name="RentalId">Which rental.</param>
/// <param name="EndedAt">When.</param>
/// <param name="Refund">The unused part.</param>
/// <param name="Penalty">
/// What the renter receives on top, from the farmer's earnings and wallet; what these lack is advanced by the platform while it has money, and the farmer
/// owes it.
/// </param>
public sealed record RentalWithdrawn(RentalId RentalId, DateTimeOffset EndedAt, MicroUsd Refund, MicroUsd Penalty) : IEndRentalResult;

/// <summary>The rental's term or its grace ended.</summary>
public sealed record RentalEnded(Rental Rental) : IRentalPassed;

/// <summary>The rental's term ended without a renewal, and its slices are kept until <paramref name="GraceEndsAt"/>.</summary>
public sealed record RentalEnteredGrace(Rental Rental, DateTimeOffset GraceEndsAt) : IRentalPassed, IRentalBegun;

/// <summary>The rental's machine can be reached, and billing began.</summary>
public sealed record RentalActivated(Rental Rental) : IRentalBegun;

/// <summary>The rental's machine could not be made; everything is back in the wallet.</summary>
public sealed record RentalFailed(Rental Rental, MicroUsd Refund) : IRentalPassed;

/// <summary>What cancelling gives back.</summary>
public sealed record CancelQuoted(CancelQuote Quote) : ICancelQuoteResult;

/// <summary>The itemised price of another term.</summary>
public sealed record ExtensionQuoted(ExtensionQuote Quote) : IExtensionQuoteResult;

/// <summary>The rental goes on after <paramref name="PreviousEndsAt"/>, and is paid.</summary>
/// <param name="Rental">The rental, with its new end.</param>
/// <param name="Charged">What was charged: the quote's total.</param>
/// <param name="PreviousEndsAt">Until when it was paid before.</param>
public sealed record RentalExtended(Rental Rental, MicroUsd Charged, DateTimeOffset PreviousEndsAt) : IExtendRentalResult;

/// <summary>The rental renewed itself.</summary>
public sealed record RentalRenewed(Rental Rental, MicroUsd Charged, DateTimeOffset PreviousEndsAt) : IRenewalOutcome;

/// <summary>The rental could not renew itself, and is tried again later.</summary>
public sealed record RenewalPutOff(Rental Rental, RenewalFailure Failure, string Why) : IRenewalOutcome;

/// <summary>Why a rental could not renew itself.</summary>
public enum RenewalFailure
{
    InsufficientFunds,
    PriceAboveMax,
    NotAvailable,
}

/// <summary>The rental has the name that was sent.</summary>
public sealed record RentalRenamed(Rental Rental) : IRenameRentalResult;

/// <summary>The rental renews itself, or no longer does.</summary>
/// <param name="Rental">The rental.</param>
/// <param name="Refund">What came back: a renewal that was paid and had not started.</param>
public sealed record AutoRenewSet(Rental Rental, MicroUsd Refund) : ISetAutoRenewResult;

/// <summary>The metered rental may cost this much in all.</summary>
public sealed record SpendingLimitSet(Rental Rental) : ISetSpendingLimitResult;

/// <summary>The metered rental paid what it owed, and goes on.</summary>
/// <param name="Rental">The rental.</param>
/// <param name="Charged">For the time in grace, and the rest of this hour.</param>
public sealed record RentalResumed(Rental Rental, MicroUsd Charged);

/// <summary>The rental is paid by the hour for as long as it lasts, so it has no term to extend or renew.</summary>
public sealed record RentalIsMetered(RentalId RentalId) : IExtensionRefusal, ISetAutoRenewResult
{
    public string Message => "The rental is paid by the hour and goes on by itself: there is no term to extend or renew. "
        + "To return from grace, add funds or raise its spending limit.";
    public ProblemCode Code => ProblemCode.RentalIsMetered;
}

/// <summary>The rental is paid in advance, so a spending limit would limit nothing.</summary>
public sealed record RentalIsPrepaid(RentalId RentalId) : ISetSpendingLimitResult, IProblem
{
    public string Message => "The rental is paid in advance: it costs what its terms cost. Only a metered rental has a spending limit.";
    public ProblemCode Code => ProblemCode.RentalIsPrepaid;
}

/// <summary>A prepaid rental needs a term, and a metered one neither term nor quote; only a metered one has a spending limit, of at least an hour.</summary>
/// <param name="BillingFlaw">Which of these rules is broken.</param>
public sealed record InvalidBilling(BillingFlaw BillingFlaw) : IRentSlicesResult, IProblem
{
    public string Message => BillingFlaw switch
    {
        BillingFlaw.TermMissing => "Give `term` for a prepaid rental, or `billing: METERED`.",
        BillingFlaw.TermForMetered => "A metered rental lasts until you cancel it: leave out `term`.",
        BillingFlaw.QuoteForMetered => "A metered rental costs the node's price per hour: leave out `quoteToken`.",
        BillingFlaw.LimitForPrepaid => "Only a metered rental has a spending limit: leave out `spendingLimit`, or give `billing: METERED`.",
        _ => "The spending limit is below the price of one hour.",
    };

    public ProblemCode Code => ProblemCode.InvalidBilling;
}

/// <summary>What is wrong with how a rental is to be paid.</summary>
public enum BillingFlaw
{
    /// <summary>A prepaid rental without a term.</summary>
    TermMissing,

    /// <summary>A metered rental with a term.</summary>
    TermForMetered,

    /// <summary>A metered rental with a quote.</summary>
    QuoteForMetered,

    /// <summary>A prepaid rental with a spending limit.</summary>
    LimitForPrepaid,

    /// <summary>A spending limit that does not pay for one hour.</summary>
    LimitBelowAnHour,
}

/// <summary>The rental is not active, so this cannot be done with it now.</summary>
public sealed record RentalNotActive(RentalId RentalId, RentalStatus Status) : IExtensionRefusal, IMoveRentalResult
{
    public string Message => "The rental's machine is still being made. Try again when the rental is active.";
    public ProblemCode Code => ProblemCode.RentalNotActive;
}

/// <summary>The node belongs to another farmer now, who has not agreed to this rental.</summary>
public sealed record FarmerChanged(RentalId RentalId) : IExtensionRefusal
{
    public string Message => "The node belongs to another farmer now. The rental ends with its term; rent the slices from the new farmer.";
    public ProblemCode Code => ProblemCode.FarmerChanged;
}

/// <summary>The rental would be paid further ahead than the longest term.</summary>
public sealed record RentalReachesTooFar(RentalId RentalId, DateTimeOffset EndsAtMax) : IExtensionRefusal
{
    public string Message => $"A rental can be paid until {EndsAtMax:u} at most. Extend it by less.";
    public ProblemCode Code => ProblemCode.RentalReachesTooFar;
}

/// <summary>The name is not one that a rental can have.</summary>
public sealed record InvalidRentalName(string Name) : IRenameRentalResult, IRentSlicesResult, IRentNodeResult, IPlaceMachineResult, IProblem
{
    public int LengthMin { get; } = RentalName.LengthMin;
    public int LengthMax { get; } = RentalName.LengthMax;
    public string Message => $"A name has {LengthMin} to {LengthMax} characters, no line breaks or other control characters, and no space at its ends.";
    public ProblemCode Code => ProblemCode.InvalidRentalName;
}

/// <summary>The account owes for rentals in grace, or has debts; it starts nothing new until that is paid.</summary>
public sealed record AccountOwes
    : IRentSlicesResult, IReserveSlicesResult, IMoveRentalResult, IRentNodeResult, IPlaceMachineResult, IWithdrawFundsResult, IReserveNameResult, IProblem
{
    public string Message =>
        "You owe money for a rental in grace, or for a payment that was taken back. Extend or cancel the rental, and pay the debt, first.";

    public ProblemCode Code => ProblemCode.AccountOwes;
}

/// <summary>The wallet holds less than this costs.</summary>
public sealed record InsufficientFunds(MicroUsd Balance, MicroUsd Required)
    : IRentSlicesResult, IRentNodeResult, IExtendRentalResult, IReserveNameResult, IProblem
{
    /// <summary>The least amount to deposit.</summary>
    public MicroUsd Missing => Required - Balance;
    public string Message => $"Your wallet holds {Balance} USD, and this costs {Required} USD. Add {Missing} USD.";
    public ProblemCode Code => ProblemCode.InsufficientFunds;
}

/// <summary>The quote has expired; request a new one.</summary>
public sealed record QuoteExpired(DateTimeOffset ValidUntil) : IRentSlicesResult, IRentNodeResult, IExtendRentalResult, ICancelRentalResult, IProblem
{
    public string Message => $"The quote expired at {ValidUntil:u}. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteExpired;
}

/// <summary>The quote is not for this request or this account, was not issued here, or the rental has changed since it was given.</summary>
public sealed record QuoteMismatch : IRentSlicesResult, IRentNodeResult, IExtendRentalResult, ICancelRentalResult, IProblem
{
    public string Message => "The quote does not match your account or what you asked for, or the rental has changed since. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteMismatch;
}

/// <summary>The quote was used for the rental <paramref name="RentalId"/>; a quote is used once.</summary>
public sealed record QuoteUsed(RentalId RentalId) : IRentSlicesResult, IRentNodeResult, IExtendRentalResult, IProblem
{
    public string Message => "The quote was already used. A quote is used once; request a new one.";
    public ProblemCode Code => ProblemCode.QuoteUsed;
}

/// <summary>
/// The account has reached a limit. Retry at <paramref name="RetryAt"/>. If that is null, waiting does not help, because the request alone exceeds
/// the limit.
/// </summary>
/// <param name="Limit">Which limit.</param>
/// <param name="Reached">What counts towards the limit now.</param>
/// <param name="Max">The limit.</param>
/// <param name="RetryAt">When the same request would be within the limit, if the account does nothing else until then.</param>
public sealed record RentalLimitReached(RentalLimit Limit, int Reached, int Max, DateTimeOffset? RetryAt)
    : IRentSlicesResult, IRentNodeResult, IPlaceMachineResult, ICancelRentalResult, IProblem
{
    public string Message => RetryAt is { } at ? $"{Sentence} Try again at {at:u}." : $"{Sentence} Request fewer.";
    public ProblemCode Code => ProblemCode.RentalLimitReached;

    private string Sentence => Limit switch
    {
        RentalLimit.ActiveSlices => $"An account can hold at most {Max} slices at once, and you hold {Reached}.",
        RentalLimit.RentalsPerHour => $"An account can begin at most {Max} rentals per hour, and you have begun {Reached}.",
        _ => $"An account can cancel at most {Max} rentals per hour, and you have cancelled {Reached}.",
    };
}

/// <summary>The text is not an SSH public key that we accept.</summary>
public sealed record InvalidSshPublicKey(SshPublicKeyFlaw Flaw) : IRentSlicesResult, IRentNodeResult, IPlaceMachineResult, IRebuildRentalResult, IProblem
{
    public string Message => SshPublicKeyFlaws.Explain(Flaw);
    public ProblemCode Code => ProblemCode.InvalidSshPublicKey;
}

/// <summary>Too many callers want the node right now. Send the same request, with the same idempotency key, after <paramref name="RetryAfter"/>.</summary>
public sealed record NodeContended(NodeId NodeId, TimeSpan RetryAfter)
    : IRentSlicesResult, IReserveSlicesResult, IMoveRentalResult, IRentNodeResult, IProblem
{
    public string Message => "Too many callers want this node right now. Send the same request again shortly.";
    public ProblemCode Code => ProblemCode.NodeContended;
}

/// <summary>There is no rental with this ID, or the caller may not act on it.</summary>
public sealed record RentalNotFound(RentalId RentalId)
    : ICancelRentalResult, ICancelQuoteResult, IEndRentalResult, IExtensionRefusal, IRenameRentalResult, ISetAutoRenewResult, ISetSpendingLimitResult,
        IRetryProvisioningResult, IRebuildRentalResult, IReserveNameResult, IPointNameResult, IMoveRentalResult, IPlaceMachineResult
{
    public string Message => "There is no rental with this ID, or it is not yours.";
    public ProblemCode Code => ProblemCode.RentalNotFound;
}

/// <summary>The rental ended at <paramref name="EndedAt"/>; nothing about it changes any more.</summary>
public sealed record RentalAlreadyEnded(RentalId RentalId, DateTimeOffset EndedAt, RentalEndReason EndReason)
    : ICancelRentalResult, ICancelQuoteResult, IEndRentalResult, IExtensionRefusal, IRenameRentalResult, ISetAutoRenewResult, ISetSpendingLimitResult,
        IRetryProvisioningResult, IRebuildRentalResult, IReserveNameResult, IPointNameResult, IMoveRentalResult, IPlaceMachineResult
{
    public string Message => $"The rental ended at {EndedAt:u}.";
    public ProblemCode Code => ProblemCode.RentalAlreadyEnded;
}
