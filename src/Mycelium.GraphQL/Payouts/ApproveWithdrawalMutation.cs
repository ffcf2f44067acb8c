using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Payouts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Payouts;

namespace Mycelium.GraphQL.Payouts;

/// <summary>The withdrawal to approve.</summary>
/// <param name="WithdrawalId">One that waits for a decision.</param>
public sealed record ApproveWithdrawalInput([property: ID<Withdrawal>] WithdrawalId WithdrawalId);

[MutationType]
public static class ApproveWithdrawalMutation
{
    /// <summary>Lets a withdrawal be paid out. It cannot be stopped from then on.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("approveWithdrawal")]
    public static Task<IApproveWithdrawalResult> Execute(
        ApproveWithdrawalInput input, ClaimsPrincipal user, DecideWithdrawal decide, CancellationToken cancellation) =>
        decide.ApproveAsync(Actor.Of(user.RequiredAccountId()), input.WithdrawalId, cancellation);
}
