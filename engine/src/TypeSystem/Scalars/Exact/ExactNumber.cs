using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A decimal number as written, of any length and exponent, and its place among the values of a scalar.</summary>
internal readonly struct ExactNumber
{
    /// <summary>
    /// The number of digits that are kept: the widest scalar has 29 before the point and 28 after it. Of the rest it only matters whether any is not
    /// zero.
    /// </summary>
    private const int DigitsMax = 60;

    /// <summary>Larger than any scalar; prevents a client's exponent from turning into a number of that length.</summary>
    private const int MagnitudeMax = 80;

    private readonly BigInteger digits;
    private readonly long exponent;
    private readonly bool hasMore;
    private readonly bool isNegative;

    /// <summary>The last written digit is before the point.</summary>
    private readonly bool endsBeforePoint;

    private ExactNumber(BigInteger digits, long exponent, bool hasMore, bool isNegative, bool endsBeforePoint) =>
        (this.digits, this.exponent, this.hasMore, this.isNegative, this.endsBeforePoint) = (digits, exponent, hasMore, isNegative, endsBeforePoint);

    /// <summary>There is nothing after the point.</summary>
    public bool IsWhole => endsBeforePoint || FloorAt(scale: 0).IsExact;

    /// <param name="text">A GraphQL or JSON number, or null.</param>
    public static bool TryParse(string? text, out ExactNumber number)
    {
        number = default;
        ReadOnlySpan<char> rest = text;
        bool isNegative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        int exponentAt = rest.IndexOfAny('e', 'E');
        if (!TryReadExponent(exponentAt < 0 ? [] : rest[(exponentAt + 1)..], exponentAt >= 0, out long exponent))
            return false;
        if (exponentAt >= 0)
            rest = rest[..exponentAt];
        int point = rest.IndexOf('.');
        string mantissa = point < 0 ? rest.ToString() : string.Concat(rest[..point], rest[(point + 1)..]);
        if (mantissa.Length == 0 || !mantissa.All(char.IsAsciiDigit))
            return false;

        exponent -= point < 0 ? 0 : rest.Length - point - 1;
        bool endsBeforePoint = exponent >= 0;
        string significant = mantissa.TrimStart('0');
        string kept = significant.Length <= DigitsMax ? significant : significant[..DigitsMax];
        exponent += significant.Length - kept.Length;
        bool hasMore = significant.AsSpan(kept.Length).ContainsAnyExcept('0');
        number = new ExactNumber(kept.Length == 0 ? 0 : BigInteger.Parse(kept, CultureInfo.InvariantCulture), exponent, hasMore, isNegative, endsBeforePoint);
        return true;
    }

    public static string? TextOf(ValueNode literal) => literal switch { IntValueNode node => node.Value, FloatValueNode node => node.Value, _ => null };

    public static string? TextOf(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetRawText() : null;

    /// <summary>The value, or its place, among the whole numbers of a type.</summary>
    public object Among<T>() where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        (BigInteger floor, bool isExact) = FloorAt(scale: 0);
        if (floor < BigInteger.CreateChecked(T.MinValue))
            return new InexactOperand(null);
        if (floor > BigInteger.CreateChecked(T.MaxValue))
            return new InexactOperand(T.MaxValue);
        T value = T.CreateChecked(floor);
        return isExact ? value : new InexactOperand(value);
    }

    /// <summary>The value, or its place, among the values of <see cref="decimal"/>: at the finest scale that can represent it.</summary>
    public object AmongDecimals()
    {
        for (int scale = 28; scale >= 0; scale--)
        {
            (BigInteger floor, bool isExact) = FloorAt(scale);
            if (BigInteger.Abs(floor) > new BigInteger(decimal.MaxValue))
                continue;
            ulong low = (ulong)(BigInteger.Abs(floor) & ulong.MaxValue);
            uint high = (uint)(BigInteger.Abs(floor) >> 64);
            var value = new decimal((int)(uint)low, (int)(uint)(low >> 32), (int)high, floor.Sign < 0, (byte)scale);
            return isExact ? value : new InexactOperand(value);
        }
        return new InexactOperand(isNegative ? null : decimal.MaxValue);
    }

    /// <summary>
    /// The value, or its place, among doubles. A <c>Float</c> number is the nearest double, as everywhere; if that would be zero or infinite though
    /// the number is neither, it lies between two.
    /// </summary>
    public object AmongDoubles(string text)
    {
        double nearest = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsInfinity(nearest))
            return new InexactOperand(isNegative ? null : double.MaxValue);
        return nearest != 0 || digits.IsZero ? nearest : new InexactOperand(isNegative ? -double.Epsilon : 0d);
    }

    /// <summary>The greatest multiple of 10^-scale that is not greater, as a count of such units.</summary>
    private (BigInteger Floor, bool IsExact) FloorAt(int scale)
    {
        if (digits.IsZero)
            return (BigInteger.Zero, true);
        long shift = exponent + scale;
        (BigInteger magnitude, bool hasRest) = shift switch
        {
            > MagnitudeMax => (BigInteger.Pow(10, MagnitudeMax), true),
            >= 0 => (digits * BigInteger.Pow(10, (int)shift), hasMore),
            < -DigitsMax => (BigInteger.Zero, true),
            _ => Divided((int)-shift),
        };
        return isNegative ? (-(hasRest ? magnitude + 1 : magnitude), !hasRest) : (magnitude, !hasRest);
    }

    private (BigInteger Quotient, bool HasRest) Divided(int places)
    {
        var quotient = BigInteger.DivRem(digits, BigInteger.Pow(10, places), out BigInteger rest);
        return (quotient, hasMore || !rest.IsZero);
    }

    /// <summary>Exponents beyond every scalar are all the same.</summary>
    private static bool TryReadExponent(ReadOnlySpan<char> text, bool isGiven, out long exponent)
    {
        exponent = 0;
        if (!isGiven)
            return true;
        bool isBelow = text is ['-', ..];
        ReadOnlySpan<char> digits = text is ['-' or '+', ..] ? text[1..] : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange('0', '9'))
            return false;
        digits = digits.TrimStart('0');
        exponent = digits.Length > 9 ? int.MaxValue : digits.IsEmpty ? 0 : long.Parse(digits, CultureInfo.InvariantCulture);
        exponent = isBelow ? -exponent : exponent;
        return true;
    }
}
