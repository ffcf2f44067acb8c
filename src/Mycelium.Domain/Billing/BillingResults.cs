using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>The possible results of depositing funds.</summary>
public interface IDepositFundsResult;

/// <summary>The amount was added to the wallet.</summary>
public sealed record FundsDeposited(AccountId AccountId, MicroUsd Amount, MicroUsd Balance) : IDepositFundsResult;

/// <summary>One deposit, payment or withdrawal is at least <paramref name="Min"/> and at most <paramref name="Max"/>.</summary>
public sealed record AmountOutOfRange(MicroUsd Amount, MicroUsd Min, MicroUsd Max) : IDepositFundsResult, ITopUpRequestResult, IWithdrawFundsResult, IProblem
{
    public string Message => $"The amount must be between {Min} and {Max} dollars.";
    public ProblemCode Code => ProblemCode.AmountOutOfRange;
}
