using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Nodes;

namespace Mycelium.GraphQL.Rentals;

/// <summary>A rental as its renter sees it. Nobody else does.</summary>
[ObjectType<Rental>]
[ExtendObjectType<Rental>(IgnoreProperties = [nameof(Rental.RenterId), nameof(Rental.FarmerId), nameof(Rental.NodeId), nameof(Rental.QuoteId)])]
public static class RentalType
{
    [NodeResolver]
    public static async Task<Rental?> Get(RentalId id, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        user.AccountId() is { } renter ? await rentals.LoadAsync(new RenterRental(renter, id)) : null;

    /// <summary>The machine that the slices are of.</summary>
    [BindMember(nameof(Rental.Node))]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<GridNode> GetNode([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        rental.Node ?? await nodes.LoadRequiredAsync(rental.NodeId);

    /// <summary>The name of the grid that the machine is part of. Filters have it as <c>node: { grid: … }</c>.</summary>
    [Cost(1)] // One query for all objects of a list. A node that came with its rental has only what is selected of it.
    public static async ValueTask<string> GetGrid([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        (await nodes.LoadRequiredAsync(rental.NodeId)).Grid;
}
