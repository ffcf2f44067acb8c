namespace Mycelium.Domain.Units;

/// <summary>
/// An amount of money in millionths of a US dollar; 1 USD is 1 000 000. May be negative (a ledger posting, a difference).
/// Every operation is exact or throws <see cref="OverflowException"/>: an amount never wraps.
/// </summary>
public readonly record struct MicroUsd : IComparable<MicroUsd>
{
    private MicroUsd(long value) => Value = value;

    public static MicroUsd Zero => default;

    public long Value { get; }

    public static MicroUsd From(long microUsd) => new(microUsd);

    /// <summary>Reads dollars such as <c>12</c>, <c>-0.5</c> or <c>0.015000</c>: a sign, digits, and up to six digits after the point.</summary>
    public static bool TryParse(ReadOnlySpan<char> dollars, out MicroUsd amount)
    {
        bool isRead = DollarText.TryRead(dollars, out long value);
        amount = new(value);
        return isRead;
    }

    /// <inheritdoc cref="TryParse"/>
    public static MicroUsd Parse(ReadOnlySpan<char> dollars) =>
        TryParse(dollars, out MicroUsd amount)
            ? amount
            : throw new FormatException("An amount in dollars is a number with up to six digits after the point, and must fit 64 bits of micro-dollars.");

    /// <summary>This share of the amount, rounded half to even.</summary>
    public MicroUsd Part(BasisPoints share) => new(Rounding.HalfEven((Int128)Value * share.Value, BasisPoints.Whole));

    public static MicroUsd operator +(MicroUsd left, MicroUsd right) => new(checked(left.Value + right.Value));
    public static MicroUsd operator -(MicroUsd left, MicroUsd right) => new(checked(left.Value - right.Value));
    public static MicroUsd operator -(MicroUsd amount) => new(checked(-amount.Value));

    public int CompareTo(MicroUsd other) => Value.CompareTo(other.Value);

    public static bool operator <(MicroUsd left, MicroUsd right) => left.Value < right.Value;
    public static bool operator <=(MicroUsd left, MicroUsd right) => left.Value <= right.Value;
    public static bool operator >(MicroUsd left, MicroUsd right) => left.Value > right.Value;
    public static bool operator >=(MicroUsd left, MicroUsd right) => left.Value >= right.Value;

    /// <summary>Dollars with six digits after the point, such as <c>0.015000</c>.</summary>
    public override string ToString() => DollarText.Write(Value);
}
