using System.Globalization;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A day without a time zone.</summary>
public sealed class LocalDateType : TextScalarType<DateOnly>
{
    public LocalDateType() : base("LocalDate", "a day such as \"2026-01-31\"", "local-date") =>
        Description = "A calendar date in ISO 8601 format, without a time zone, such as \"2026-01-31\".";

    protected override bool TryParse(string text, out DateOnly value) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    protected override string Format(DateOnly value) => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>
/// A day, for services that call it <c>Date</c>: <c>[GraphQLType("Date")]</c>. It is the same as <see cref="LocalDateType"/> under another name.
/// </summary>
public sealed class DateType : TextScalarType<DateOnly>
{
    public DateType() : base("Date", "a day such as \"2026-01-31\"", "date") => Description = "A calendar date in ISO 8601 format, such as \"2026-01-31\".";

    protected override bool TryParse(string text, out DateOnly value) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out value);

    protected override string Format(DateOnly value) => value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

/// <summary>
/// A date and time without a time zone, so not an instant. A <see cref="DateTime"/> is shown as <c>DateTime</c> unless
/// <c>[GraphQLType("LocalDateTime")]</c> says that it has no zone.
/// </summary>
public sealed class LocalDateTimeType : TextScalarType<DateTime>
{
    private const string Pattern = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF";

    public LocalDateTimeType() : base("LocalDateTime", "a day and time without offset, such as \"2026-01-31T12:00:00\"", "local-date-time") =>
        Description =
            "A date and time in ISO 8601 format, without a time zone, with up to seven fractional digits of a second, such as \"2026-01-31T12:00:00\".";

    protected override bool TryParse(string text, out DateTime value) =>
        DateTime.TryParseExact(text, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.None, out value) && !text.EndsWith('.');

    protected override string Format(DateTime value) => value.ToString(Pattern, CultureInfo.InvariantCulture);
}

/// <summary>A time of day without a time zone.</summary>
public sealed class LocalTimeType : TextScalarType<TimeOnly>
{
    public LocalTimeType() : base("LocalTime", "a time of day such as \"12:00:00\"", "local-time") =>
        Description = "A time of day in ISO 8601 format, without a time zone, with up to seven fractional digits of a second, such as \"12:00:00\".";

    protected override bool TryParse(string text, out TimeOnly value) =>
        TimeOnly.TryParseExact(text, "HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out value) && !text.EndsWith('.');

    protected override string Format(TimeOnly value) => value.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture);
}

/// <summary>Bytes as base64.</summary>
public sealed class Base64StringType : TextScalarType<byte[]>
{
    public Base64StringType() : base("Base64String", "bytes in base64 (RFC 4648) with padding", "base64-string") =>
        Description = "Bytes in base64 (RFC 4648), with padding.";

    protected override bool TryParse(string text, out byte[] value)
    {
        value = new byte[text.Length / 4 * 3];
        bool isBase64 = Convert.TryFromBase64String(text, value, out int length) && !text.AsSpan().ContainsAny(" \t\r\n");
        value = isBase64 ? value[..length] : [];
        return isBase64;
    }

    protected override string Format(byte[] value) => Convert.ToBase64String(value);
}
