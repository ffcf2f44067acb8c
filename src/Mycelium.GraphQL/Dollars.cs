using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL;

/// <summary>Micro-dollars as the schema shows them: the scalar UsdAmount, always with six digits after the point.</summary>
internal static class Dollars
{
    private const byte Digits = 6;
    private const decimal MicroUsdPerUsd = 1_000_000;

    /// <summary>A decimal keeps its scale, so that 15 000 micro-dollars are written as 0.015000.</summary>
    public static decimal Of(long microUsd)
    {
        ulong magnitude = (ulong)Math.Abs((decimal)microUsd);
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), 0, microUsd < 0, Digits);
    }

    /// <summary>The greatest amount in whole micro-dollars that is not greater, from which on filters compare; null below 64 bits of these.</summary>
    public static long? Floor(decimal dollars)
    {
        if (dollars >= long.MaxValue / MicroUsdPerUsd)
            return long.MaxValue;
        return dollars < long.MinValue / MicroUsdPerUsd ? null : (long)decimal.Floor(dollars * MicroUsdPerUsd);
    }

    /// <exception cref="CoercionException">More than six digits after the point, or beyond 64 bits of micro-dollars.</exception>
    public static long ToMicroUsd(decimal dollars)
    {
        if (dollars is > 9_000_000_000_000 or < -9_000_000_000_000)
            throw new CoercionException("An amount of dollars is within ±9 000 000 000 000.");
        decimal microUsd = dollars * MicroUsdPerUsd;
        return decimal.Truncate(microUsd) == microUsd
            ? (long)microUsd
            : throw new CoercionException("An amount of dollars has at most six digits after the point.");
    }
}
