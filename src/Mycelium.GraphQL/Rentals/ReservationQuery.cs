using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Market;
using Mycelium.GraphQL.Nodes;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Rentals;

[QueryType]
public static class ReservationQuery
{
    /// <summary>The caller's reservations that hold slices now, the next to expire first.</summary>
    [Authorize]
    [ListSize(AssumedSize = Limits.ReservationsAssumed)]
    public static async Task<IReadOnlyList<Reservation>> GetReservations(
        ClaimsPrincipal user, IDbContextFactory<MyceliumDb> databases, TimeProvider clock, CancellationToken cancellation)
    {
        AccountId account = user.RequiredAccountId();
        DateTimeOffset now = clock.GetUtcNow();
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.Reservations.Where(held => held.AccountId == account && held.EndedAt == null && held.ExpiresAt > now)
            .OrderBy(held => held.ExpiresAt).Take(Limits.ReservationsMax).ToListAsync(cancellation);
    }
}

/// <summary>Slices that are kept for the caller while it decides. Nobody else sees it.</summary>
[ObjectType<Reservation>]
[ExtendObjectType<Reservation>(IgnoreProperties = [nameof(Reservation.AccountId), nameof(Reservation.NodeId), nameof(Reservation.RentalId)])]
public static class ReservationType
{
    [NodeResolver]
    public static async Task<Reservation?> Get(ReservationId id, ClaimsPrincipal user, IDbContextFactory<MyceliumDb> databases, CancellationToken cancellation)
    {
        if (user.AccountId() is not { } account)
            return null;
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.Reservations.SingleOrDefaultAsync(held => held.Id == id && held.AccountId == account, cancellation);
    }

    /// <summary>The combination that units are held of.</summary>
    [BindMember(nameof(Reservation.SliceCombinationId))]
    [ID<SliceCombination>]
    public static SliceCombinationId GetSliceCombinationId([Parent] Reservation reservation) => reservation.SliceCombinationId;

    /// <summary>The machine that the slices are of.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static async Task<GridNode> GetGridNode([Parent] Reservation reservation, GridNodeByIdDataLoader nodes) =>
        await nodes.LoadRequiredAsync(reservation.NodeId);
}
