using System.Globalization;
using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An instant in RFC 3339 format, with any number of fractional digits and any year from 0000 to 9999.</summary>
internal static partial class ExactInstant
{
    private const int DigitsOfTicks = 7;

    /// <summary>The largest offset in .NET; instants with larger ones become UTC.</summary>
    private const long OffsetMax = 14 * TimeSpan.TicksPerHour;

    /// <summary>The calendar repeats after this many years. The year 0000, which .NET does not have, is the year 400, this much earlier.</summary>
    private const int CycleYears = 400;
    private const long CycleTicks = 146_097 * TimeSpan.TicksPerDay;

    /// <summary>The instant as <see cref="DateTimeOffset"/>, or its place between two of these; null when the text is not an instant.</summary>
    public static object? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } found || Local(found) is not { } local || Offset(found) is not { } offset)
            return null;
        string fraction = found.Groups["fraction"].Value;
        long ticks = local - offset + (
            fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(DigitsOfTicks, '0').AsSpan(0, DigitsOfTicks), CultureInfo.InvariantCulture));
        bool hasMore = fraction.AsSpan(Math.Min(fraction.Length, DigitsOfTicks)).ContainsAnyExcept('0');
        if (ticks < DateTimeOffset.MinValue.Ticks)
            return new InexactOperand(null);
        if (ticks > DateTimeOffset.MaxValue.Ticks)
            return new InexactOperand(DateTimeOffset.MaxValue);
        var instant = new DateTimeOffset(ticks, TimeSpan.Zero);
        if (Math.Abs(offset) <= OffsetMax && local is > OffsetMax and < CycleTicks * 24)
            instant = instant.ToOffset(TimeSpan.FromTicks(offset));
        return hasMore ? new InexactOperand(instant) : instant;
    }

    /// <summary>Ticks of the date and time of day; null when they do not exist.</summary>
    private static long? Local(Match found)
    {
        (int year, int month, int day) = (Number(found, "year"), Number(found, "month"), Number(found, "day"));
        (int hour, int minute, int second) = (Number(found, "hour"), Number(found, "minute"), Number(found, "second"));
        int known = year == 0 ? CycleYears : year;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(known, month) || hour > 23 || minute > 59 || second > 59)
            return null;
        return new DateTime(known, month, day, hour, minute, second, DateTimeKind.Utc).Ticks - (year == 0 ? CycleTicks : 0);
    }

    private static long? Offset(Match found)
    {
        if (!found.Groups["sign"].Success)
            return 0;
        (int hours, int minutes) = (Number(found, "offsetHours"), Number(found, "offsetMinutes"));
        if (hours > 23 || minutes > 59)
            return null;
        long offset = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        return found.Groups["sign"].ValueSpan is "-" ? -offset : offset;
    }

    private static int Number(Match found, string group) => int.Parse(found.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})[Tt](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})"
            + @"(\.(?<fraction>[0-9]+))?([Zz]|(?<sign>[+-])(?<offsetHours>[0-9]{2}):(?<offsetMinutes>[0-9]{2}))\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Shape();
}
