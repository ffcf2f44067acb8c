using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Market;

/// <summary>Whether a wish can be rented at this moment.</summary>
public static class Availability
{
    /// <summary>
    /// The reason why it cannot: <see cref="SliceCombinationNotFound"/>, <see cref="NodeUnavailable"/> or <see cref="NotEnoughSlices"/>. Null if it can.
    /// </summary>
    public static IProblem? Refuse(RentalWish wish, GridNode node)
    {
        int multiplier = wish.SliceCombinationId.Multiplier;
        if (wish.SliceCombinationId.NodeId != node.Id || !IsOffered(multiplier, node))
            return new SliceCombinationNotFound(wish.SliceCombinationId);
        if (node.WhyUnavailable() is { } reason)
            return new NodeUnavailable(node.Id, node.Grid, reason);
        if (wish.SliceTotal > node.FreeSlices)
            return new NotEnoughSlices(wish.SliceCombinationId, wish.Quantity, node.FreeSlices / multiplier);
        return null;
    }

    /// <summary>An overcommitted node keeps the combinations up to what it rents out, so that the caller gets the real reason.</summary>
    private static bool IsOffered(int multiplier, GridNode node) =>
        int.IsPow2(multiplier) && multiplier <= SliceCombination.MultiplierMax && multiplier <= Math.Max(node.SliceCapacity, node.AllocatedSlices);
}
