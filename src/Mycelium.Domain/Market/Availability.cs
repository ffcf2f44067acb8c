using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Market;

/// <summary>Whether a wish can be rented at this moment.</summary>
public static class Availability
{
    /// <summary>
    /// The reason why it cannot: <see cref="SliceCombinationNotFound"/>, <see cref="NodeUnavailable"/> or <see cref="NotEnoughSlices"/>. Null if it can.
    /// </summary>
    /// <param name="wish">The wish.</param>
    /// <param name="node">The node that it is for.</param>
    /// <param name="reservation">A hold for this wish, whose slices are taken already.</param>
    public static IProblem? Refuse(RentalWish wish, GridNode node, Reservation? reservation = null) =>
        Refuse(wish.SliceCombinationId, wish.Quantity, node, reservation?.SliceTotal ?? 0);

    /// <inheritdoc cref="Refuse(RentalWish, GridNode, Reservation?)"/>
    public static IProblem? Refuse(SliceCombinationId id, int quantity, GridNode node, int held = 0)
    {
        if (id.NodeId != node.Id || !IsOffered(id.Multiplier, node))
            return new SliceCombinationNotFound(id);
        if (node.WhyUnavailable() is { } reason)
            return new NodeUnavailable(node.Id, node.Grid, reason);
        if (id.Multiplier * quantity > node.FreeSlices + held)
            return new NotEnoughSlices(id, quantity, node.FreeSlices / id.Multiplier);
        return null;
    }

    /// <summary>Why a node cannot be rented whole; null if it can. A node whose slices are all held for the caller is not empty either.</summary>
    public static IWholeNodeRefusal? RefuseWhole(GridNode node) => node switch
    {
        { WholeRentalId: not null } => new NodeAlreadyRented(node.Id),
        _ when node.WhyUnavailable() is { } reason => new NodeNotAvailable(node.Id, reason),
        { AllocatedSlices: > 0 } => new NodeHasRentals(node.Id, node.AllocatedSlices, node.ReservedSlices),
        { SliceCapacity: < 1 or > RentalWish.QuantityMax } => new NodeNotAvailable(node.Id, null),
        _ => null,
    };

    /// <summary>An overcommitted node keeps the combinations up to what it rents out, so that the caller gets the real reason.</summary>
    private static bool IsOffered(int multiplier, GridNode node) =>
        int.IsPow2(multiplier) && multiplier <= SliceCombination.MultiplierMax && multiplier <= Math.Max(node.SliceCapacity, node.AllocatedSlices);
}
