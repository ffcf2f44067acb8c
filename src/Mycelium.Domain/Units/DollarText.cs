using System.Globalization;

namespace Mycelium.Domain.Units;

/// <summary>Converts micro-dollars to dollars in text and back, exactly: without floating-point numbers.</summary>
internal static class DollarText
{
    private const int FractionDigits = 6;
    private const int MicroInDollar = 1_000_000;

    public static string Write(long microUsd)
    {
        UInt128 magnitude = (UInt128)Int128.Abs(microUsd);
        (UInt128 dollars, UInt128 fraction) = UInt128.DivRem(magnitude, MicroInDollar);
        return string.Create(CultureInfo.InvariantCulture, $"{(microUsd < 0 ? "-" : "")}{dollars}.{(int)fraction:D6}");
    }

    public static bool TryRead(ReadOnlySpan<char> text, out long microUsd)
    {
        microUsd = 0;
        bool isNegative = text is ['-', ..];
        ReadOnlySpan<char> digits = isNegative ? text[1..] : text;

        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : digits[(point + 1)..];
        if (whole.IsEmpty || fraction.Length > FractionDigits || (point >= 0 && fraction.IsEmpty))
            return false;

        Int128 value = 0;
        if (!Append(ref value, whole) || !Append(ref value, fraction))
            return false;
        for (int digit = fraction.Length; digit < FractionDigits; digit++)
            value *= 10;

        if (isNegative)
            value = -value;
        if (value < long.MinValue || value > long.MaxValue)
            return false;
        microUsd = (long)value;
        return true;
    }

    private static bool Append(ref Int128 value, ReadOnlySpan<char> digits)
    {
        foreach (char digit in digits)
        {
            // Beyond 64 bits it is too large whatever follows; stopping here also prevents an overflow of the 128 bits.
            if (!char.IsAsciiDigit(digit) || value > long.MaxValue)
                return false;
            value = value * 10 + (digit - '0');
        }
        return true;
    }
}
