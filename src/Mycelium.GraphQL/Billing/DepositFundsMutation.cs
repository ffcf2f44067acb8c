using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Billing;

/// <summary>Money that was received, and the account it is for.</summary>
/// <param name="AccountId">The account whose wallet gets the money.</param>
/// <param name="Amount">The amount received.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID or the payment's own reference.</param>
public sealed record DepositFundsInput([property: ID("Account")] AccountId AccountId, MicroUsd Amount, [IdempotencyKey] string IdempotencyKey);

/// <summary>The wallet after the deposit.</summary>
[ObjectType<FundsDeposited>]
[ExtendObjectType<FundsDeposited>(IgnoreProperties = [nameof(FundsDeposited.Balance)])]
public static class FundsDepositedType
{
    /// <summary>The wallet, as the deposit left it.</summary>
    public static Wallet GetWallet([Parent] FundsDeposited deposited) => new(deposited.AccountId, deposited.Balance);
}

[MutationType]
public static class DepositFundsMutation
{
    /// <summary>Adds money that was received outside Mycelium to a wallet.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("depositFunds")]
    public static Task<IDepositFundsResult> Execute(
        DepositFundsInput input, ClaimsPrincipal user, DepositFunds deposit, CancellationToken cancellation) =>
        deposit.Execute(Actor.Of(user.RequiredAccountId()), input.AccountId, input.Amount, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
}
