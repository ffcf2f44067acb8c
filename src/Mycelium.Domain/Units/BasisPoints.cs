using System.Globalization;

namespace Mycelium.Domain.Units;

/// <summary>Hundredths of a percent, 0 to 10 000; 10 000 is the whole.</summary>
public readonly record struct BasisPoints : IComparable<BasisPoints>
{
    public const int Whole = 10_000;

    private BasisPoints(int value) => Value = value;

    public static BasisPoints Zero => default;

    public int Value { get; }

    public static BasisPoints From(int basisPoints)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(basisPoints);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(basisPoints, Whole);
        return new(basisPoints);
    }

    /// <summary>The percentage, 0 to 100, with at most two digits after the point.</summary>
    public double Percent => Value / 100d;

    public static BasisPoints FromPercent(int percent) => From(checked(percent * 100));

    public int CompareTo(BasisPoints other) => Value.CompareTo(other.Value);

    /// <summary>A percentage, such as <c>5 %</c> or <c>12.5 %</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Value / 100m:0.##} %");
}
