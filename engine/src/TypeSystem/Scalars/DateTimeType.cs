using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>An instant in RFC 3339 format: input with any offset, output in UTC, at most seven fractional digits of a second.</summary>
public sealed class DateTimeType : ScalarType<DateTimeOffset>
{
    private const string Expected = "an RFC 3339 instant with an offset and at most seven fractional digits of a second, such as \"2026-01-31T12:00:00Z\"";
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public DateTimeType() : base("DateTime")
    {
        Description = "An instant in UTC in RFC 3339 format, such as \"2026-01-31T12:00:00Z\". Input may have any offset.";
        SpecifiedBy = new Uri("https://www.rfc-editor.org/rfc/rfc3339");
    }

    public override object ParseLiteral(ValueNode literal) => Parse(literal) is DateTimeOffset value ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) => Parse(json) is DateTimeOffset value ? value : throw Refuse(json, Expected);

    protected internal override object ParseOperand(ValueNode literal) => Parse(literal) ?? throw Refuse(literal, Expected);

    protected internal override object ParseOperand(JsonElement json) => Parse(json) ?? throw Refuse(json, Expected);

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
        converted = value is DateTime instant
            ? new DateTimeOffset(DateTime.SpecifyKind(instant.Kind == DateTimeKind.Local ? instant.ToUniversalTime() : instant, DateTimeKind.Utc))
            : default;
        return value is DateTime;
    }

    private static object? Parse(ValueNode literal) => literal is StringValueNode node ? ExactInstant.Parse(node.Value) : null;

    private static object? Parse(JsonElement json) => json.ValueKind == JsonValueKind.String ? ExactInstant.Parse(json.GetString()!) : null;
}
