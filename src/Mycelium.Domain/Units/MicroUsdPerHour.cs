namespace Mycelium.Domain.Units;

/// <summary>A rate in millionths of a US dollar per hour; 1 USD/h is 1 000 000. Never negative.</summary>
public readonly record struct MicroUsdPerHour : IComparable<MicroUsdPerHour>
{
    private MicroUsdPerHour(long value) => Value = value;

    public long Value { get; }

    public static MicroUsdPerHour From(long microUsdPerHour)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(microUsdPerHour);
        return new(microUsdPerHour);
    }

    /// <summary>This share of the rate, rounded half to even.</summary>
    public MicroUsdPerHour Part(BasisPoints share) => new(Rounding.HalfEven((Int128)Value * share.Value, BasisPoints.Whole));

    public static MicroUsdPerHour operator +(MicroUsdPerHour left, MicroUsdPerHour right) => new(checked(left.Value + right.Value));

    /// <summary>The rate for <paramref name="count"/> units at this rate each.</summary>
    public static MicroUsdPerHour operator *(MicroUsdPerHour rate, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new(checked(rate.Value * count));
    }

    public static MicroUsd operator *(MicroUsdPerHour rate, RentalHours hours) => MicroUsd.From(checked(rate.Value * hours.Value));

    public int CompareTo(MicroUsdPerHour other) => Value.CompareTo(other.Value);

    public static bool operator <(MicroUsdPerHour left, MicroUsdPerHour right) => left.Value < right.Value;
    public static bool operator <=(MicroUsdPerHour left, MicroUsdPerHour right) => left.Value <= right.Value;
    public static bool operator >(MicroUsdPerHour left, MicroUsdPerHour right) => left.Value > right.Value;
    public static bool operator >=(MicroUsdPerHour left, MicroUsdPerHour right) => left.Value >= right.Value;

    /// <summary>Dollars per hour with six digits after the point, such as <c>0.015000</c>.</summary>
    public override string ToString() => DollarText.Write(Value);
}
