using Mycelium.Domain.Grids;

namespace Mycelium.Domain.Farms;

/// <summary>A farm's ID, unique in the market: the grid's number in the upper 32 bits, the farm's number on its grid in the lower 32. Positive.</summary>
public readonly record struct FarmId(long Value) : IComparable<FarmId>
{
    public GridNumber Grid => GridNumber.OfId(Value);

    /// <summary>The farm's number on its grid, 1 to 2^32 - 1.</summary>
    public long Number => GridNumber.OwnNumberOf(Value);

    public static FarmId Of(GridNumber grid, long number) => new(grid.IdOf(number));

    public int CompareTo(FarmId other) => Value.CompareTo(other.Value);

    public override string ToString() => GridNumber.TextOf(Value);
}
