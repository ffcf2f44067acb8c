using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Payouts;

namespace Mycelium.GraphQL.Payouts;

/// <summary>How much to take out.</summary>
/// <param name="Amount">At most <c>me { wallet { withdrawable } }</c>.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID.</param>
public sealed record WithdrawFundsInput(MicroUsd Amount, [IdempotencyKey] string IdempotencyKey);

[MutationType]
public static class WithdrawFundsMutation
{
    /// <summary>
    /// Takes an amount out of what you have earned, to be paid out. It leaves the wallet at once, and comes back if an operator refuses it or the payment
    /// fails.
    /// </summary>
    [Authorize]
    [GraphQLName("withdrawFunds")]
    public static Task<IWithdrawFundsResult> Execute(
        WithdrawFundsInput input, ClaimsPrincipal user, WithdrawFunds withdraw, CancellationToken cancellation) =>
        withdraw.Execute(user.RequiredAccountId(), input.Amount, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
}
