using System.Globalization;
using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Market;

/// <summary>The ID of a slice combination: node ID × 1024 + multiplier, so that both can be read from it.</summary>
public readonly record struct SliceCombinationId(long Value) : IComparable<SliceCombinationId>
{
    private const long MultiplierSpan = 1024;

    public NodeId NodeId => new(Value / MultiplierSpan);

    public int Multiplier => (int)(Value % MultiplierSpan);

    public static SliceCombinationId Of(NodeId node, int multiplier)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(node.Value);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiplier, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(multiplier, MultiplierSpan);
        return new(checked(node.Value * MultiplierSpan + multiplier));
    }

    public int CompareTo(SliceCombinationId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
