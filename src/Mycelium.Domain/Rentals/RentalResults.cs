using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>The possible results of renting slices.</summary>
public interface IRentSlicesResult;

/// <summary>The possible results of cancelling a rental.</summary>
public interface ICancelRentalResult;

/// <summary>The slices are rented and paid.</summary>
public sealed record SlicesRented(Rental Rental) : IRentSlicesResult;

/// <summary>The rental ended early, and the unused part is back in the wallet.</summary>
public sealed record RentalCancelled(Rental Rental, MicroUsd Refund) : ICancelRentalResult;

/// <summary>The rental's term ended.</summary>
public sealed record RentalEnded(Rental Rental);

/// <summary>The wallet holds less than the rental costs.</summary>
public sealed record InsufficientFunds(MicroUsd Balance, MicroUsd Required) : IRentSlicesResult, IProblem
{
    /// <summary>The least amount to deposit.</summary>
    public MicroUsd Missing => Required - Balance;
    public string Message => $"Your wallet holds {Balance} USD, and this costs {Required} USD. Add {Missing} USD.";
    public ProblemCode Code => ProblemCode.InsufficientFunds;
}

/// <summary>The quote has expired; request a new one.</summary>
public sealed record QuoteExpired(DateTimeOffset ValidUntil) : IRentSlicesResult, IProblem
{
    public string Message => $"The quote expired at {ValidUntil:u}. Request a new one.";
    public ProblemCode Code => ProblemCode.QuoteExpired;
}

/// <summary>The quote is for another combination, quantity, term or account, or was not issued here.</summary>
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
/// The account has reached a limit. Retry at <paramref name="RetryAt"/>. If that is null, waiting does not help, because the request alone exceeds
/// the limit.
/// </summary>
/// <param name="Limit">Which limit.</param>
/// <param name="Reached">What counts towards the limit now.</param>
/// <param name="Max">The limit.</param>
/// <param name="RetryAt">When the same request would be within the limit, if the account does nothing else until then.</param>
public sealed record RentalLimitReached(RentalLimit Limit, int Reached, int Max, DateTimeOffset? RetryAt) : IRentSlicesResult, ICancelRentalResult, IProblem
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
public sealed record InvalidSshPublicKey(SshPublicKeyFlaw Flaw) : IRentSlicesResult, IRebuildRentalResult, IProblem
{
    public string Message => SshPublicKeyFlaws.Explain(Flaw);
    public ProblemCode Code => ProblemCode.InvalidSshPublicKey;
}

/// <summary>Too many callers want the node right now. Send the same request, with the same idempotency key, after <paramref name="RetryAfter"/>.</summary>
public sealed record NodeContended(NodeId NodeId, TimeSpan RetryAfter) : IRentSlicesResult, IProblem
{
    public string Message => "Too many callers want this node right now. Send the same request again shortly.";
    public ProblemCode Code => ProblemCode.NodeContended;
}

/// <summary>The caller has no rental with this ID.</summary>
public sealed record RentalNotFound(RentalId RentalId) : ICancelRentalResult, IRetryProvisioningResult, IRebuildRentalResult, IProblem
{
    public string Message => "You have no rental with this ID.";
    public ProblemCode Code => ProblemCode.RentalNotFound;
}

/// <summary>The rental ended at <paramref name="EndedAt"/>; there is nothing to cancel.</summary>
public sealed record RentalAlreadyEnded(RentalId RentalId, DateTimeOffset EndedAt, RentalEndReason EndReason)
    : ICancelRentalResult, IRetryProvisioningResult, IRebuildRentalResult, IProblem
{
    public string Message => $"The rental ended at {EndedAt:u}.";
    public ProblemCode Code => ProblemCode.RentalAlreadyEnded;
}
