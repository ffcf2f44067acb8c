using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-String"/></summary>
public sealed class StringType() : ScalarType<string>("String")
{
    private const string Expected = "a string";

    public override object ParseLiteral(ValueNode literal) => literal is StringValueNode node ? node.Value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, string value) => writer.WriteStringValue(value);

    protected override ValueNode ToLiteralValue(string value) => new StringValueNode(default, value);

    protected override bool TryConvert(object value, out string converted)
    {
        converted = value switch
        {
            bool flag => flag ? "true" : "false",
            char character => character.ToString(),
            _ when value is Guid || WholeNumbers.IsNumber(value) => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            _ => null!,
        };
        return converted is not null;
    }
}
