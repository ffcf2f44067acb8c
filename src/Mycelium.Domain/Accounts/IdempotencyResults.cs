using Mycelium.Domain.Billing;
using Mycelium.Domain.Names;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Partners;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Accounts;

/// <summary>The key was already used with different input. Nothing was done; use a new key for a new request.</summary>
public sealed record IdempotencyKeyReused(string IdempotencyKey)
    : IRentSlicesResult, IReserveSlicesResult, IExtendRentalResult, ICancelRentalResult, IDepositFundsResult, IRegisterNodeResult, IRegisterOperationsResult,
        IRebuildRentalResult, IWithdrawFundsResult, IReserveNameResult, IMoveRentalResult, IRentNodeResult, IPlaceMachineResult, IProblem
{
    public string Message => "This idempotency key was already used with different input. Use a new key.";
    public ProblemCode Code => ProblemCode.IdempotencyKeyReused;
}
