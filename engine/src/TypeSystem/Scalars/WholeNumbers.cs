namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Which numbers are whole: shared by <c>Int</c> and <c>Long</c>.</summary>
internal static class WholeNumbers
{
    // 2^63 as a double; the largest double below it is still a long.
    private const double LongEnd = 9223372036854775808d;

    public static bool IsNumber(object value) => value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;

    public static bool TryToLong(object value, out long whole)
    {
        switch (value)
        {
            case sbyte or byte or short or ushort or int or uint or long:
                whole = Convert.ToInt64(value, null);
                return true;
            case double or float:
                return TryToLong(Convert.ToDouble(value, null), out whole);
            case decimal number when decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue:
                whole = (long)number;
                return true;
            case ulong number and <= long.MaxValue:
                whole = (long)number;
                return true;
            default:
                whole = 0;
                return false;
        }
    }

    public static bool TryToLong(double number, out long whole)
    {
        bool fits = double.IsInteger(number) && number is >= -LongEnd and < LongEnd;
        whole = fits ? (long)number : 0;
        return fits;
    }
}
