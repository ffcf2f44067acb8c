using System.Globalization;

namespace Mycelium.Domain.Grids;

/// <summary>
/// The number that stands for a grid inside ids: a node's or farm's id is the grid's number × 2^32 + the number it has there. A grid keeps its number, and no other
/// grid ever gets it. 0 is the main grid, so the ids of its nodes and farms are its own numbers.
/// </summary>
public readonly record struct GridNumber
{
    /// <summary>2^21 grids of 2^32 nodes in 2^10 sizes: ids of slice combinations fill 63 bits.</summary>
    public const int Max = (1 << 21) - 1;

    /// <summary>The chains of the grid count nodes, farms and twins in 32 bits.</summary>
    public const long OwnNumberMax = uint.MaxValue;

    private const int OwnNumberBits = 32;

    private GridNumber(int value) => Value = value;

    public static GridNumber Main { get; }

    public int Value { get; }

    /// <summary>The lowest and the highest id of this grid's nodes and farms.</summary>
    public (long First, long Last) Ids => (IdOf(1), IdOf(OwnNumberMax));

    /// <summary>Whether a grid can have given this number to a node, farm or twin.</summary>
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
