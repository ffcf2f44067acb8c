namespace Mycelium.Domain.Units;

/// <summary>The one place where money is rounded.</summary>
internal static class Rounding
{
    /// <summary>The nearest whole number; ties round to the even one, so that rounding favours nobody over many amounts.</summary>
    public static long HalfEven(Int128 numerator, Int128 denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        Int128 floor = Floor(numerator, denominator);
        Int128 twiceRest = (numerator - floor * denominator) * 2;
        bool isUp = twiceRest > denominator || (twiceRest == denominator && Int128.IsOddInteger(floor));
        return checked((long)(isUp ? floor + 1 : floor));
    }

    /// <summary>The largest whole number that is not above the quotient.</summary>
    public static Int128 Floor(Int128 numerator, Int128 denominator)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(numerator, denominator);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
