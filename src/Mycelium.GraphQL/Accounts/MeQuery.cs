using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>An account: the caller's own, or, for operators, another one.</summary>
/// <param name="Id">What an operator passes to deposit funds or to link a twin.</param>
/// <param name="Email">The address that the account signs in with, and that its mails go to.</param>
/// <param name="Roles">
/// What the account may do, as of now. A role that is given or taken away counts within a second, whatever the token says.
/// </param>
[GraphQLName("Account")]
public sealed record ShownAccount([property: ID("Account")] AccountId Id, string Email, IReadOnlyList<Role> Roles);

/// <summary>Money of an account. A balance is the sum of its ledger postings.</summary>
/// <param name="Balance">What can be spent.</param>
public sealed record Wallet(MicroUsd Balance);

[QueryType]
public static class MeQuery
{
    /// <summary>Who is calling; null for anonymous callers.</summary>
    public static ShownAccount? GetMe(ClaimsPrincipal user) => user.AccountId() is { } id
        ? new ShownAccount(id, user.FindFirstValue(ClaimTypes.Email) ?? "", Roles.Of(user.FindAll(ClaimTypes.Role).Select(role => role.Value)))
        : null;
}

[ObjectType<ShownAccount>]
public static class AccountType
{
    /// <summary>The account's money.</summary>
    public static async Task<Wallet> GetWallet([Parent] ShownAccount account, WalletReader wallets, CancellationToken cancellation) =>
        new(await wallets.BalanceAsync(account.Id, cancellation));
}
