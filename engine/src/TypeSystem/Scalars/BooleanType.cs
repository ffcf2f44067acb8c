using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Boolean"/></summary>
public sealed class BooleanType() : ScalarType<bool>("Boolean")
{
    private const string Expected = "true or false";

    public override object ParseLiteral(ValueNode literal) => literal is BooleanValueNode node ? node.Value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) =>
        json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);

    protected override ValueNode ToLiteralValue(bool value) => new BooleanValueNode(default, value);
}
