using System.Globalization;

namespace Mycelium.Domain.Units;

/// <summary>The length of a rental in whole hours: 1 to 8,760, a year of 365 days. A billing month is 720 hours.</summary>
public readonly record struct RentalHours : IComparable<RentalHours>
{
    public const int Min = 1;
    public const int Max = 8_760;
    private const int InMonth = 720;

    private readonly int value;

    private RentalHours(int value) => this.value = value;

    /// <summary>A billing month: 720 hours, the grid's own.</summary>
    public static RentalHours Month => new(InMonth);

    public int Value => value != 0 ? value : throw new InvalidOperationException("These rental hours were never set.");

    public static bool IsValid(int hours) => hours is >= Min and <= Max;

    public static RentalHours From(int hours)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hours, Min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hours, Max);
        return new(hours);
    }

    public TimeSpan ToTimeSpan() => TimeSpan.FromHours(Value);

    public int CompareTo(RentalHours other) => value.CompareTo(other.value);

    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);
}
