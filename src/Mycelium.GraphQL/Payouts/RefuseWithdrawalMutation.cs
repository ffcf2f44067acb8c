using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Payouts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Payouts;

namespace Mycelium.GraphQL.Payouts;

/// <summary>The withdrawal to refuse.</summary>
/// <param name="WithdrawalId">One that waits for a decision.</param>
/// <param name="Reason">For its owner to read: 1 to 400 characters.</param>
public sealed record RefuseWithdrawalInput(
    [property: ID<Withdrawal>] WithdrawalId WithdrawalId, [property: StringLength(400, MinimumLength = 1)] string Reason);

[MutationType]
public static class RefuseWithdrawalMutation
{
    /// <summary>Gives the amount of a withdrawal back to its wallet, and tells its owner why.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("refuseWithdrawal")]
    public static Task<IRefuseWithdrawalResult> Execute(
        RefuseWithdrawalInput input, ClaimsPrincipal user, DecideWithdrawal decide, CancellationToken cancellation) =>
        decide.RefuseAsync(Actor.Of(user.RequiredAccountId()), input.WithdrawalId, input.Reason, cancellation);
}
