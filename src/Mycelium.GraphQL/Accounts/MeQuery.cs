using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Billing;

namespace Mycelium.GraphQL.Accounts;

/// <summary>An account: the caller's own, or any other for operators.</summary>
/// <param name="Id">The ID that operators use to deposit funds or link a twin.</param>
/// <param name="Email">The address that the account signs in with and receives mail at.</param>
/// <param name="Roles">
/// What the account may do now. Changes of roles take effect within a second, whatever the token says.
/// </param>
[GraphQLName("Account")]
public sealed record ShownAccount([property: ID("Account")] AccountId Id, string Email, IReadOnlyList<Role> Roles);

/// <summary>The money of an account. Its balance is the sum of its ledger postings.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Balance">What it holds.</param>
public sealed record Wallet(AccountId Owner, MicroUsd Balance);

[QueryType]
public static class MeQuery
{
    /// <summary>The caller's account; null for anonymous callers.</summary>
    public static ShownAccount? GetMe(ClaimsPrincipal user) => user.AccountId() is { } id
        ? new ShownAccount(id, user.FindFirstValue(ClaimTypes.Email) ?? "", Roles.Of(user.FindAll(ClaimTypes.Role).Select(role => role.Value)))
        : null;
}

[ObjectType<ShownAccount>]
public static class AccountType
{
    /// <summary>The account's money.</summary>
    public static async Task<Wallet> GetWallet([Parent] ShownAccount account, WalletReader wallets, CancellationToken cancellation) =>
        new(account.Id, await wallets.BalanceAsync(account.Id, cancellation));
}
