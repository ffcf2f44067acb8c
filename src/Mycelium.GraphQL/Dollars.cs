using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL;

/// <summary>Converts micro-dollars to and from the scalar UsdAmount, which always has six digits after the point.</summary>
internal static class Dollars
{
    private const byte Digits = 6;
    private const decimal MicroUsdPerUsd = 1_000_000;

    /// <summary>A decimal keeps its scale, so 15 000 micro-dollars are written as 0.015000.</summary>
    public static decimal Of(long microUsd)
    {
        ulong magnitude = (ulong)Math.Abs((decimal)microUsd);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, microUsd < 0, Digits);
    }

    /// <summary>The amount rounded down to whole micro-dollars, for filters to compare with; null if it is below the range of 64 bits.</summary>
    public static long? Floor(decimal dollars)
    {
        if (dollars >= long.MaxValue / MicroUsdPerUsd)
            return long.MaxValue;
        return dollars < long.MinValue / MicroUsdPerUsd ? null : (long)decimal.Floor(dollars * MicroUsdPerUsd);
    }

    /// <exception cref="CoercionException">The amount has more than six digits after the point, or exceeds 64 bits of micro-dollars.</exception>
    public static long ToMicroUsd(decimal dollars)
    {
        if (dollars is > 9_000_000_000_000 or < -9_000_000_000_000)
            throw new CoercionException("A dollar amount must be within ±9 000 000 000 000.");
        decimal microUsd = dollars * MicroUsdPerUsd;
        return decimal.Truncate(microUsd) == microUsd
            ? (long)microUsd
            : throw new CoercionException("A dollar amount can have at most six digits after the point.");
    }
}
