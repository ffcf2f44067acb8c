using System.Globalization;

namespace Mycelium.Domain.Billing;

/// <summary>A calendar month in UTC, from 2000 to 2999: from its first instant up to, but not including, that of the next.</summary>
public readonly record struct StatementMonth
{
    private readonly DateOnly first;

    private StatementMonth(DateOnly first) => this.first = first;

    public DateTimeOffset From => new(first, TimeOnly.MinValue, TimeSpan.Zero);

    public DateTimeOffset To => new(first.AddMonths(1), TimeOnly.MinValue, TimeSpan.Zero);

    /// <summary>Reads a month such as <c>2026-11</c>.</summary>
    public static bool TryParse(string? text, out StatementMonth month)
    {
        bool isMonth = DateOnly.TryParseExact($"{text}-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
            && first.Year is >= 2000 and <= 2999;
        month = isMonth ? new(first) : default;
        return isMonth;
    }

    public override string ToString() => first.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
