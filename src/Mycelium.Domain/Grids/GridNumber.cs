using System.Globalization;

namespace Mycelium.Domain.Grids;

/// <summary>
/// The number of a grid inside IDs: the ID of a node or farm is the grid's number × 2^32 + its own number on that grid. A grid keeps its number, and no other
/// grid ever gets it. 0 is the main grid, so the IDs of its nodes and farms equal their numbers there.
/// </summary>
public readonly record struct GridNumber
{
    /// <summary>2^21 grids of 2^32 nodes with 2^10 multipliers: the IDs of slice combinations fill 63 bits.</summary>
    public const int Max = (1 << 21) - 1;

    /// <summary>The grid's blockchain numbers nodes, farms and twins with 32 bits.</summary>
    public const long OwnNumberMax = uint.MaxValue;

    private const int OwnNumberBits = 32;

    private GridNumber(int value) => Value = value;

    public static GridNumber Main { get; }

    public int Value { get; }

    /// <summary>The lowest and the highest ID of this grid's nodes and farms.</summary>
    public (long First, long Last) Ids => (IdOf(1), IdOf(OwnNumberMax));

    /// <summary>Whether this can be the number of a node, farm or twin on a grid.</summary>
    public static bool IsOwnNumber(long number) => number is >= 1 and <= OwnNumberMax;

    public static GridNumber From(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Max);
        return new(value);
    }

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    internal static GridNumber OfId(long id) => From(checked((int)(id >> OwnNumberBits)));

    internal static long OwnNumberOf(long id) => id & OwnNumberMax;

    /// <summary>As in logs: <c>582</c> on the main grid, <c>1/582</c> on grid 1.</summary>
    internal static string TextOf(long id) => id >> OwnNumberBits is var grid and not 0
        ? string.Create(CultureInfo.InvariantCulture, $"{grid}/{OwnNumberOf(id)}")
        : id.ToString(CultureInfo.InvariantCulture);

    internal long IdOf(long ownNumber)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ownNumber, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ownNumber, OwnNumberMax);
        return ((long)Value << OwnNumberBits) | ownNumber;
    }
}
