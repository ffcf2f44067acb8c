using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Accounts;

/// <summary>The key was used before with other input. Nothing was done; use a new key for a new intention.</summary>
public sealed record IdempotencyKeyReused(string IdempotencyKey)
    : IRentSlicesResult, ICancelRentalResult, IDepositFundsResult, IRegisterNodeResult, IProblem
{
    public string Message => "This idempotency key was used before with other input; use a new key.";
    public ProblemCode Code => ProblemCode.IdempotencyKeyReused;
}

/// <summary>A request with the same key is being worked on. Send the same request again after <paramref name="RetryAfter"/>.</summary>
public sealed record IdempotencyKeyInUse(string IdempotencyKey, TimeSpan RetryAfter)
    : IRentSlicesResult, ICancelRentalResult, IDepositFundsResult, IRegisterNodeResult, IProblem
{
    public string Message => "A request with this idempotency key is being worked on; send it again shortly.";
    public ProblemCode Code => ProblemCode.IdempotencyKeyInUse;
}
