using System.Globalization;

namespace Mycelium.Domain.Farms;

/// <summary>The id that the grid gave a farm. Positive.</summary>
public readonly record struct FarmId(long Value) : IComparable<FarmId>
{
    public int CompareTo(FarmId other) => Value.CompareTo(other.Value);

    public static bool operator <(FarmId left, FarmId right) => left.Value < right.Value;
    public static bool operator <=(FarmId left, FarmId right) => left.Value <= right.Value;
    public static bool operator >(FarmId left, FarmId right) => left.Value > right.Value;
    public static bool operator >=(FarmId left, FarmId right) => left.Value >= right.Value;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
