using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-ID"/>; always a string at run time.</summary>
public sealed class IdType() : ScalarType<string>("ID")
{
    private const string Expected = "a string or a whole number";

    public override object ParseLiteral(ValueNode literal) => literal switch
    {
        StringValueNode node => node.Value,
        IntValueNode node => node.Value,
        _ => throw Refuse(literal, Expected),
    };

    public override object ParseJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.Number when json.GetRawText() is var text && text.AsSpan().IndexOfAny('.', 'e', 'E') < 0 => text,
        _ => throw Refuse(json, Expected),
    };

    protected override void WriteValue(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    protected override ValueNode ToLiteralValue(string value) => new StringValueNode(default, value);

    protected override bool TryConvert(object value, out string converted)
    {
        converted = value switch
        {
            Guid id => id.ToString(),
            _ when WholeNumbers.TryToLong(value, out long whole) => whole.ToString(CultureInfo.InvariantCulture),
            _ => null!,
        };
        return converted is not null;
    }
}
