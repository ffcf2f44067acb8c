using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Payments;

/// <summary>The possible results of asking where to pay.</summary>
public interface ITopUpRequestResult;

/// <summary>Pay at this address; the money is in the wallet as soon as the payment provider confirms it, usually within seconds.</summary>
/// <param name="Address">A web page of the payment provider.</param>
/// <param name="Amount">The amount to pay.</param>
public sealed record TopUpRequested(string Address, MicroUsd Amount) : ITopUpRequestResult;

/// <summary>Payments are in whole cents.</summary>
public sealed record AmountNotInCents(MicroUsd Amount) : ITopUpRequestResult, IProblem
{
    public string Message => "Pay an amount in whole cents.";
    public ProblemCode Code => ProblemCode.AmountNotInCents;
}

/// <summary>There is no way to pay now: the service has no payment provider, or it does not answer.</summary>
/// <param name="IsRetryable">Whether it may work in a minute.</param>
public sealed record PaymentsUnavailable(bool IsRetryable) : ITopUpRequestResult, IProblem
{
    public string Message => IsRetryable
        ? "The payment provider does not answer. Try again in a minute."
        : "This service has no payment provider. Ask its operator how to pay.";

    public ProblemCode Code => ProblemCode.PaymentsUnavailable;
}

/// <summary>The bounds of one payment, and the refusals that need no provider.</summary>
public sealed record TopUpPolicy(MicroUsd Min, MicroUsd Max)
{
    public const long MicroUsdPerCent = 10_000;

    /// <summary>The refusal of an amount, or null when it may be paid.</summary>
    public ITopUpRequestResult? Refuse(MicroUsd amount)
    {
        if (amount < Min || amount > Max)
            return new AmountOutOfRange(amount, Min, Max);
        return amount.Value % MicroUsdPerCent == 0 ? null : new AmountNotInCents(amount);
    }
}
