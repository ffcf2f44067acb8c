using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Payouts;

/// <summary>An amount that an account takes out of what it has earned. Its owner and operators see it.</summary>
[ObjectType<Withdrawal>]
public static class WithdrawalType
{
    [NodeResolver]
    public static async Task<Withdrawal?> Get(WithdrawalId id, ClaimsPrincipal user, WithdrawalDataLoader withdrawals) =>
        user.AccountId() is { } account && await withdrawals.LoadAsync(id) is { } found && (found.AccountId == account || user.IsInRole(Roles.Operator))
            ? found
            : null;
}

/// <summary>The wallet and the withdrawal.</summary>
[ObjectType<WithdrawalRequested>]
[ExtendObjectType<WithdrawalRequested>(IgnoreProperties = [nameof(WithdrawalRequested.Balance), nameof(WithdrawalRequested.AccountId)])]
public static class WithdrawalRequestedType
{
    /// <summary>The wallet, as the withdrawal left it.</summary>
    public static Wallet GetWallet([Parent] WithdrawalRequested requested) => new(requested.AccountId, requested.Balance);

    /// <summary>How far the withdrawal is.</summary>
    public static Task<Withdrawal> GetWithdrawal([Parent] WithdrawalRequested requested, WithdrawalDataLoader withdrawals) =>
        withdrawals.LoadRequiredAsync(requested.WithdrawalId);
}

/// <summary>The withdrawal after the decision.</summary>
[ObjectType<WithdrawalApproved>]
public static class WithdrawalApprovedType
{
    /// <summary>How far the withdrawal is.</summary>
    public static Task<Withdrawal> GetWithdrawal([Parent] WithdrawalApproved approved, WithdrawalDataLoader withdrawals) =>
        withdrawals.LoadRequiredAsync(approved.WithdrawalId);
}

/// <summary>The withdrawal after the decision.</summary>
[ObjectType<WithdrawalRefused>]
public static class WithdrawalRefusedType
{
    /// <summary>How far the withdrawal is.</summary>
    public static Task<Withdrawal> GetWithdrawal([Parent] WithdrawalRefused refused, WithdrawalDataLoader withdrawals) =>
        withdrawals.LoadRequiredAsync(refused.WithdrawalId);
}

/// <summary>What an owner has earned.</summary>
[ObjectType<Wallet>]
public static class EarningsInWallet
{
    /// <summary>
    /// What can be withdrawn: earnings of months that are over, as far as the balance still holds them, less what you owe. Deposits cannot be withdrawn.
    /// </summary>
    [Cost(1)] // One query for both fields.
    public static async Task<MicroUsd> GetWithdrawable([Parent] Wallet wallet, ClaimsPrincipal user, WithdrawableDataLoader earnings) =>
        (await earnings.LoadRequiredAsync(OwnerOf(wallet, user))).Withdrawable;

    /// <summary>
    /// What renters have paid for your nodes and you cannot spend yet: not earned so far, less the platform's share, and earned in a month that is not over.
    /// </summary>
    [Cost(1)]
    public static async Task<MicroUsd> GetPending([Parent] Wallet wallet, ClaimsPrincipal user, WithdrawableDataLoader earnings) =>
        (await earnings.LoadRequiredAsync(OwnerOf(wallet, user))).Pending;

    /// <exception cref="GraphQLException">The caller is somebody else.</exception>
    private static AccountId OwnerOf(Wallet wallet, ClaimsPrincipal user) => user.AccountId() == wallet.Owner
        ? wallet.Owner
        : throw new GraphQLException("Only its owner sees this of a wallet.", ErrorCodes.Forbidden);
}

[QueryType]
public static class WithdrawalQuery
{
    /// <summary>The caller's withdrawals, newest first.</summary>
    [Authorize]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Withdrawal> GetWithdrawals(MyceliumDb db, ClaimsPrincipal user)
    {
        AccountId account = user.RequiredAccountId();
        return db.Withdrawals.Where(withdrawal => withdrawal.AccountId == account).OrderByDescending(withdrawal => withdrawal.Id);
    }

    /// <summary>Everybody's withdrawals, newest first. For operators; those that wait for one are <c>where: { state: { eq: REQUESTED } }</c>.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [UsePaging(ConnectionName = "AllWithdrawals")]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Withdrawal> GetAllWithdrawals(MyceliumDb db) => db.Withdrawals.OrderByDescending(withdrawal => withdrawal.Id);
}

public sealed class WithdrawalDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<WithdrawalId, Withdrawal>
{
    protected override async Task<IReadOnlyDictionary<WithdrawalId, Withdrawal>> LoadBatchAsync(
        IReadOnlyList<WithdrawalId> keys, CancellationToken cancellation)
    {
        WithdrawalId[] ids = [.. keys];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.Withdrawals.Where(withdrawal => ids.Contains(withdrawal.Id)).ToDictionaryAsync(withdrawal => withdrawal.Id, cancellation);
    }
}

public sealed class WithdrawableDataLoader(WithdrawableReader earnings) : BatchDataLoader<AccountId, EarnedFunds>
{
    protected override Task<IReadOnlyDictionary<AccountId, EarnedFunds>> LoadBatchAsync(
        IReadOnlyList<AccountId> keys, CancellationToken cancellation) => earnings.ReadAsync(keys, cancellation);
}
