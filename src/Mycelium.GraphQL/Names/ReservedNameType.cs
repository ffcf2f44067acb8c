using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Rentals;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Names;

/// <summary>A name of a grid's gateway that leads to a rental, as its holder sees it. Nobody else does.</summary>
[ObjectType<ReservedName>]
[ExtendObjectType<ReservedName>(IgnoreProperties =
    [nameof(ReservedName.AccountId), nameof(ReservedName.RentalId), nameof(ReservedName.RouteVersion), nameof(ReservedName.RouteDone)])]
public static class ReservedNameType
{
    [NodeResolver]
    public static async Task<ReservedName?> Get(ReservedNameId id, ClaimsPrincipal user, ReservedNameDataLoader names) =>
        user.AccountId() is { } account && await names.LoadAsync(id) is { } found && found.AccountId == account ? found : null;

    /// <summary>The rental that it leads to; null while it leads nowhere.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async Task<Rental?> GetRental(
        [Parent(nameof(ReservedName.RentalId), nameof(ReservedName.AccountId))] ReservedName name, RenterRentalDataLoader rentals) =>
        name.RentalId is { } rental ? await rentals.LoadAsync(new RenterRental(name.AccountId, rental)) : null;

    /// <summary>The gateway does what is wanted: the name leads to the rental. False while it leads nowhere, and until the gateway knows of a change.</summary>
    [Cost(0)]
    public static bool GetIsRouted(
        [Parent(nameof(ReservedName.RentalId), nameof(ReservedName.RouteVersion), nameof(ReservedName.RouteDone))] ReservedName name) =>
        name.RentalId is not null && name.RouteDone == name.RouteVersion;
}

[QueryType]
public static class ReservedNameQuery
{
    /// <summary>The caller's names, newest first, with those that were released: <c>where: { status: { neq: RELEASED } }</c> leaves them out.</summary>
    [Authorize]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<ReservedName> GetNames(MyceliumDb db, ClaimsPrincipal user)
    {
        AccountId account = user.RequiredAccountId();
        return db.ReservedNames.Where(name => name.AccountId == account).OrderByDescending(name => name.Id);
    }
}

public sealed class ReservedNameDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<ReservedNameId, ReservedName>
{
    protected override async Task<IReadOnlyDictionary<ReservedNameId, ReservedName>> LoadBatchAsync(
        IReadOnlyList<ReservedNameId> keys, CancellationToken cancellation)
    {
        ReservedNameId[] ids = [.. keys];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.ReservedNames.Where(name => ids.Contains(name.Id)).ToDictionaryAsync(name => name.Id, cancellation);
    }
}
