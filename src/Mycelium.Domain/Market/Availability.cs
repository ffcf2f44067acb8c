using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Market;

/// <summary>Whether a wish can be met at this moment.</summary>
public static class Availability
{
    /// <summary>
    /// Why not: <see cref="SliceCombinationNotFound"/>, <see cref="NodeUnavailable"/> or <see cref="NotEnoughSlices"/>; or null when it can.
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

    /// <summary>An overcommitted node still has the combinations of what it rents out, so that the caller hears the true reason.</summary>
    private static bool IsOffered(int multiplier, GridNode node) =>
        int.IsPow2(multiplier) && multiplier <= SliceCombination.MultiplierMax && multiplier <= Math.Max(node.SliceCapacity, node.AllocatedSlices);
}
