using Mycelium.Domain.Grids;

namespace Mycelium.Domain.Nodes;

/// <summary>A node's ID, unique in the market: the grid's number in the upper 32 bits, the node's number on its grid in the lower 32. Positive.</summary>
public readonly record struct NodeId(long Value) : IComparable<NodeId>
{
    public GridNumber Grid => GridNumber.OfId(Value);

    /// <summary>The node's number on its grid, 1 to 2^32 - 1.</summary>
    public long Number => GridNumber.OwnNumberOf(Value);

    public static NodeId Of(GridNumber grid, long number) => new(grid.IdOf(number));

    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    public override string ToString() => GridNumber.TextOf(Value);
}
