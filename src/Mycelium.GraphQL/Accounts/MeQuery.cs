using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>The caller's own account. Nobody else's can be read.</summary>
/// <param name="Id">What an operator names to pay in or to link a twin.</param>
/// <param name="Email">The address that the account signs in with, and that its mails go to.</param>
[GraphQLName("Account")]
public sealed record Me([property: ID("Account")] AccountId Id, string Email);

/// <summary>Money of an account. A balance is the sum of its ledger postings.</summary>
/// <param name="Balance">Dollars that can be spent.</param>
public sealed record Wallet(MicroUsd Balance);

[QueryType]
public static class MeQuery
{
    /// <summary>Who is calling; null for anonymous callers.</summary>
    public static Me? GetMe(ClaimsPrincipal user) => user.AccountId() is { } id
        ? new Me(id, user.FindFirstValue(ClaimTypes.Email) ?? "")
        : null;
}

[ObjectType<Me>]
public static class MeType
{
    /// <summary>
    /// What the account may do, as of now: <c>renter</c> is everybody; <c>farmer</c> is an account while an operator has linked a twin to it; <c>operator</c> and <c>partner</c> are given. A role that is
    /// given or taken away counts within a second, whatever the token says.
    /// </summary>
    public static IReadOnlyList<string> GetRoles([Parent] Me me, ClaimsPrincipal user) => [.. user.FindAll(ClaimTypes.Role).Select(role => role.Value).Order(StringComparer.Ordinal)];

    /// <summary>The account's money.</summary>
    public static async Task<Wallet> GetWallet([Parent] Me me, WalletReader wallets, CancellationToken cancellation) =>
        new(await wallets.BalanceAsync(me.Id, cancellation));
}
