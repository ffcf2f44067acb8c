using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Billing;

/// <summary>A wallet as its owner reads it. Operators see the balances of others, and nothing else of them.</summary>
[ObjectType<Wallet>]
[ExtendObjectType<Wallet>(IgnoreProperties = [nameof(Wallet.Owner)])]
public static class WalletType
{
    /// <summary>What is promised from the balance and not charged yet, such as for renewals; each promised dollar counts once.</summary>
    [Cost(1)] // One query for all of these fields.
    public static async Task<MicroUsd> GetCommitted([Parent] Wallet wallet, ClaimsPrincipal user, WalletOutlookDataLoader outlooks) =>
        (await outlooks.LoadRequiredAsync(OwnerOf(wallet, user))).Committed;

    /// <summary>
    /// The balance less what is committed. Negative if more is committed than the wallet holds. Renting and extending may spend the whole balance; a renewal
    /// then fails for lack of money.
    /// </summary>
    [Cost(1)]
    public static async Task<MicroUsd> GetAvailable([Parent] Wallet wallet, ClaimsPrincipal user, WalletOutlookDataLoader outlooks) =>
        wallet.Balance - (await outlooks.LoadRequiredAsync(OwnerOf(wallet, user))).Committed;

    /// <summary>What everything that you rent now costs in 24 hours, less its discounts.</summary>
    [Cost(1)]
    public static async Task<MicroUsd> GetBurnPerDay([Parent] Wallet wallet, ClaimsPrincipal user, WalletOutlookDataLoader outlooks) =>
        (await outlooks.LoadRequiredAsync(OwnerOf(wallet, user))).BurnPerDay;

    /// <summary>
    /// When the balance is used up if everything that you rent now is extended at the end of its term, at its own price. Null if you rent nothing that costs
    /// something, or if it lasts for more than 100 years.
    /// </summary>
    [Cost(1)]
    public static async Task<DateTimeOffset?> GetRunsOutAt([Parent] Wallet wallet, ClaimsPrincipal user, WalletOutlookDataLoader outlooks) =>
        (await outlooks.LoadRequiredAsync(OwnerOf(wallet, user))).RunsOutAt(wallet.Balance);

    /// <summary>Everything that came into the wallet and left it, newest first. The same as a file: <c>GET /wallet/entries.csv?from=…&amp;to=…</c>.</summary>
    [UsePaging(ConnectionName = "WalletEntries", KeyProperty = nameof(WalletEntry.Sequence))]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<WalletEntry> GetEntries([Parent] Wallet wallet, MyceliumDb db, ClaimsPrincipal user)
    {
        AccountId owner = OwnerOf(wallet, user);
        return db.WalletEntries.Where(entry => entry.AccountId == owner).OrderByDescending(entry => entry.Sequence);
    }

    /// <summary>What happened in one calendar month, in UTC.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="month">Year and month, such as <c>2026-11</c>.</param>
    /// <param name="user">The caller.</param>
    /// <param name="history">Where it is read.</param>
    /// <param name="cancellation">Of the request.</param>
    public static Task<WalletStatement> GetStatement(
        [Parent] Wallet wallet, string month, ClaimsPrincipal user, WalletHistory history, CancellationToken cancellation) =>
        StatementMonth.TryParse(month, out StatementMonth known)
            ? history.StatementAsync(OwnerOf(wallet, user), known, cancellation)
            : throw new GraphQLException("`month` is a year from 2000 to 2999 and a month, such as 2026-11.", ErrorCodes.BadUserInput);

    /// <exception cref="GraphQLException">The caller is somebody else.</exception>
    private static AccountId OwnerOf(Wallet wallet, ClaimsPrincipal user) => user.AccountId() == wallet.Owner
        ? wallet.Owner
        : throw new GraphQLException("Only its owner sees this of a wallet.", ErrorCodes.Forbidden);
}
