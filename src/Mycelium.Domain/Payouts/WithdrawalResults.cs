using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Payouts;

/// <summary>The possible results of requesting a withdrawal.</summary>
public interface IWithdrawFundsResult;

/// <summary>The possible results of approving a withdrawal.</summary>
public interface IApproveWithdrawalResult;

/// <summary>The possible results of refusing a withdrawal.</summary>
public interface IRefuseWithdrawalResult;

/// <summary>The amount has left the wallet. It is paid out once an operator has approved it.</summary>
public sealed record WithdrawalRequested(WithdrawalId WithdrawalId, AccountId AccountId, MicroUsd Amount, MicroUsd Balance) : IWithdrawFundsResult;

/// <summary>The withdrawal is approved, by you or somebody before you, and will be paid out.</summary>
public sealed record WithdrawalApproved(WithdrawalId WithdrawalId) : IApproveWithdrawalResult;

/// <summary>The withdrawal is refused, by you or somebody before you, and the amount is back in the wallet.</summary>
public sealed record WithdrawalRefused(WithdrawalId WithdrawalId) : IRefuseWithdrawalResult;

/// <summary>Less than <paramref name="Requested"/> can be withdrawn.</summary>
/// <param name="Requested">The amount asked for.</param>
/// <param name="Withdrawable">What can be withdrawn: earnings of months that are over, as far as the wallet still holds them.</param>
public sealed record NotWithdrawable(MicroUsd Requested, MicroUsd Withdrawable) : IWithdrawFundsResult, IProblem
{
    public string Message => $"You can withdraw {Withdrawable} dollars: what you earned in months that are over. Deposits cannot be withdrawn.";
    public ProblemCode Code => ProblemCode.NotWithdrawable;
}

/// <summary>This service pays nothing out.</summary>
public sealed record PayoutsUnavailable : IWithdrawFundsResult, IProblem
{
    public string Message => "This service pays nothing out. Ask its operator how you are paid.";
    public ProblemCode Code => ProblemCode.PayoutsUnavailable;
}

/// <summary>There is no withdrawal with this ID.</summary>
public sealed record WithdrawalNotFound(WithdrawalId WithdrawalId) : IApproveWithdrawalResult, IRefuseWithdrawalResult, IProblem
{
    public string Message => "There is no withdrawal with this ID.";
    public ProblemCode Code => ProblemCode.WithdrawalNotFound;
}

/// <summary>The withdrawal was decided otherwise before.</summary>
/// <param name="WithdrawalId">Which withdrawal.</param>
/// <param name="State">How far it is.</param>
public sealed record WithdrawalAlreadyDecided(WithdrawalId WithdrawalId, WithdrawalState State) : IApproveWithdrawalResult, IRefuseWithdrawalResult, IProblem
{
    public string Message => State == WithdrawalState.Refused ? "The withdrawal was refused." : "The withdrawal was approved.";
    public ProblemCode Code => ProblemCode.WithdrawalAlreadyDecided;
}
