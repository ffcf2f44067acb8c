using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An instant as RFC 3339 writes it: any offset in, UTC out, at most seven digits of a second.</summary>
public sealed partial class DateTimeType : ScalarType<DateTimeOffset>
{
    private const string Expected = "an instant of RFC 3339 with its offset, such as \"2026-01-31T12:00:00Z\"";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public DateTimeType() : base("DateTime")
    {
        Description = "An instant in UTC as RFC 3339 writes it, such as \"2026-01-31T12:00:00Z\". Any offset is taken.";
        SpecifiedBy = new Uri("https://www.rfc-editor.org/rfc/rfc3339");
    }

    public override object ParseLiteral(ValueNode literal) =>
        literal is StringValueNode node && TryParse(node.Value, out DateTimeOffset value) ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && TryParse(json.GetString()!, out DateTimeOffset value) ? value : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, DateTimeOffset value)
    {
        Span<char> text = stackalloc char[32];
        value.ToUniversalTime().TryFormat(text, out int length, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }

    protected override ValueNode ToLiteralValue(DateTimeOffset value) =>
        new StringValueNode(default, value.ToUniversalTime().ToString(Format, CultureInfo.InvariantCulture));

    protected override bool TryConvert(object value, out DateTimeOffset converted)
    {
        converted = value is DateTime instant ? new DateTimeOffset(DateTime.SpecifyKind(instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant, DateTimeKind.Utc)) : default;
        return value is DateTime;
    }

    private static bool TryParse(string text, out DateTimeOffset value)
    {
        value = default;
        return Shape().IsMatch(text)
            && DateTimeOffset.TryParseExact(text.ToUpperInvariant(), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }

    /// <summary>The parser alone would take an instant without an offset, which is no instant.</summary>
    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,7})?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
