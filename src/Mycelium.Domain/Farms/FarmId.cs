using Mycelium.Domain.Grids;

namespace Mycelium.Domain.Farms;

/// <summary>A farm's id in the whole market: the grid's number in the upper 32 bits, the number that the grid gave the farm in the lower. Positive.</summary>
public readonly record struct FarmId(long Value) : IComparable<FarmId>
{
    public GridNumber Grid => GridNumber.OfId(Value);

    /// <summary>The number that the grid gave the farm, 1 to 2^32 - 1.</summary>
    public long Number => GridNumber.OwnNumberOf(Value);

    public static FarmId Of(GridNumber grid, long number) => new(grid.IdOf(number));

    public int CompareTo(FarmId other) => Value.CompareTo(other.Value);

    public override string ToString() => GridNumber.TextOf(Value);
}
