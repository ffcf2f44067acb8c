using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>Everything that renting slices can lead to.</summary>
public interface IRentSlicesResult;

/// <summary>Everything that cancelling a rental can lead to.</summary>
public interface ICancelRentalResult;

/// <summary>The slices are the renter's, and paid.</summary>
public sealed record SlicesRented(Rental Rental) : IRentSlicesResult;

/// <summary>The rental ended early, and the unused part is back in the wallet.</summary>
public sealed record RentalCancelled(Rental Rental, MicroUsd Refund) : ICancelRentalResult;

/// <summary>The rental's term ended.</summary>
public sealed record RentalEnded(Rental Rental);

/// <summary>The wallet holds less than the rental costs.</summary>
public sealed record InsufficientFunds(MicroUsd Balance, MicroUsd Required) : IRentSlicesResult, IProblem
{
    /// <summary>What to deposit at least.</summary>
    public MicroUsd Missing => Required - Balance;
    public string Message => $"Your wallet holds {Balance} USD, and this costs {Required} USD. Add {Missing} USD.";
    public ProblemCode Code => ProblemCode.InsufficientFunds;
}

/// <summary>The quote's time has passed; ask for a new one.</summary>
public sealed record QuoteExpired(DateTimeOffset ValidUntil) : IRentSlicesResult, IProblem
{
    public string Message => $"The quote expired at {ValidUntil:u}. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteExpired;
}

/// <summary>The quote is for another combination, quantity, term or account, or was not given by us.</summary>
public sealed record QuoteMismatch : IRentSlicesResult, IProblem
{
    public string Message => "The quote does not match your account, this combination, quantity and term. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteMismatch;
}

/// <summary>The quote was used for the rental <paramref name="RentalId"/>; a quote is used once.</summary>
public sealed record QuoteUsed(RentalId RentalId) : IRentSlicesResult, IProblem
{
    public string Message => "The quote was already used for another rental. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteUsed;
}

/// <summary>
/// The account does more than one account may. Try again at <paramref name="RetryAt"/>, when enough of it is over; null when it never will be, because the request alone is more than
/// the limit.
/// </summary>
/// <param name="Limit">Which limit.</param>
/// <param name="Reached">What the account has now.</param>
/// <param name="Max">What it may have.</param>
/// <param name="RetryAt">When the same request would be within the limit, if the account does nothing else.</param>
public sealed record RentalLimitReached(RentalLimit Limit, int Reached, int Max, DateTimeOffset? RetryAt) : IRentSlicesResult, ICancelRentalResult, IProblem
{
    public string Message => RetryAt is { } at ? $"{Sentence} Try again at {at:u}." : $"{Sentence} Ask for fewer.";
    public ProblemCode Code => ProblemCode.RentalLimitReached;

    private string Sentence => Limit switch
    {
        RentalLimit.ActiveSlices => $"An account holds at most {Max} slices at once, and you hold {Reached}.",
        RentalLimit.RentalsPerHour => $"An account begins at most {Max} rentals in an hour, and you began {Reached}.",
        _ => $"An account cancels at most {Max} rentals in an hour, and you cancelled {Reached}.",
    };
}

/// <summary>The text is not an SSH public key that we accept.</summary>
public sealed record InvalidSshPublicKey(SshPublicKeyFlaw Flaw) : IRentSlicesResult, IProblem
{
    public string Message => SshPublicKeyFlaws.Explain(Flaw);
    public ProblemCode Code => ProblemCode.InvalidSshPublicKey;
}

/// <summary>Too many callers want the node at this moment. Send the same request, with the same idempotency key, after <paramref name="RetryAfter"/>.</summary>
public sealed record NodeContended(NodeId NodeId, TimeSpan RetryAfter) : IRentSlicesResult, IProblem
{
    public string Message => "Too many callers want this node right now. Send the same request again shortly.";
    public ProblemCode Code => ProblemCode.NodeContended;
}

/// <summary>The caller has no rental of this id.</summary>
public sealed record RentalNotFound(RentalId RentalId) : ICancelRentalResult, IProblem
{
    public string Message => "You have no rental with this ID.";
    public ProblemCode Code => ProblemCode.RentalNotFound;
}

/// <summary>The rental ended at <paramref name="EndedAt"/>; nothing is left to cancel.</summary>
public sealed record RentalAlreadyEnded(RentalId RentalId, DateTimeOffset EndedAt, RentalEndReason EndReason) : ICancelRentalResult, IProblem
{
    public string Message => $"The rental ended at {EndedAt:u}.";
    public ProblemCode Code => ProblemCode.RentalAlreadyEnded;
}
