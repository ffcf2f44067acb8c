using System.Security.Claims;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Market;
using Mycelium.GraphQL.Nodes;

namespace Mycelium.GraphQL.Rentals;

/// <summary>A rental as its renter sees it. Nobody else does.</summary>
[ObjectType<Rental>]
[ExtendObjectType<Rental>(IgnoreProperties =
    [
        nameof(Rental.RenterId), nameof(Rental.FarmerId), nameof(Rental.NodeId), nameof(Rental.QuoteId), nameof(Rental.Hours),
        nameof(Rental.Months), nameof(Rental.Discount), nameof(Rental.SshPublicKey),
    ])]
public static class RentalType
{
    [NodeResolver]
    public static async Task<Rental?> Get(RentalId id, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        user.AccountId() is { } renter ? await rentals.LoadAsync(new RenterRental(renter, id)) : null;

    /// <summary>The machine that the slices are of.</summary>
    [BindMember(nameof(Rental.GridNode))]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<GridNode> GetGridNode([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        rental.GridNode ?? await nodes.LoadRequiredAsync(rental.NodeId);

    /// <summary>The name of the grid that the machine is part of. Filters have it as <c>gridNode: { grid: … }</c>.</summary>
    [Cost(1)] // One query for all objects of a list. A node that came with its rental has only what is selected of it.
    public static async ValueTask<string> GetGrid([Parent(nameof(Rental.NodeId))] Rental rental, GridNodeByIdDataLoader nodes) =>
        (await nodes.LoadRequiredAsync(rental.NodeId)).Grid;

    /// <summary>The combination that the slices are of, to rent again; null while the node does not offer it.</summary>
    [Cost(1)] // One query for all objects of a list.
    public static Task<SliceCombination?> GetSliceCombination(
        [Parent(nameof(Rental.NodeId), nameof(Rental.Multiplier))] Rental rental, SliceCombinationByIdDataLoader combinations) =>
        combinations.LoadAsync(SliceCombinationId.Of(rental.NodeId, rental.Multiplier));

    /// <summary>For how long it was rented, and for which discount.</summary>
    [Cost(0)]
    public static RentalTerm GetTerm([Parent(nameof(Rental.Hours), nameof(Rental.Months), nameof(Rental.Discount))] Rental rental) => RentalTerm.Of(rental);

    /// <summary>When billing began; null until the slices can be reached.</summary>
    [BindMember(nameof(Rental.StartsAt))]
    [Cost(0)]
    public static DateTimeOffset? GetStartsAt([Parent(nameof(Rental.StartsAt))] Rental rental) => rental.StartsAt;

    /// <summary>The end of the term, from which on the slices are free again; null until billing begins.</summary>
    [BindMember(nameof(Rental.EndsAt))]
    [Cost(0)]
    public static DateTimeOffset? GetEndsAt([Parent(nameof(Rental.EndsAt))] Rental rental) => rental.EndsAt;

    /// <summary>The half of the renter's key that the machine knows. Whoever holds the private half gets access.</summary>
    /// <remarks>A method, so that nothing is filtered or ordered by it: an index for it would slow every rental, and nobody needs it.</remarks>
    [Cost(0)]
    public static string GetSshPublicKey([Parent(nameof(Rental.SshPublicKey))] Rental rental) => rental.SshPublicKey;
}
