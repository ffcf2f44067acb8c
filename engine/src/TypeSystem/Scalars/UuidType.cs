using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A UUID with hyphens, in lower case.</summary>
public sealed class UuidType : ScalarType<Guid>
{
    private const string Expected = "a UUID with hyphens";

    public UuidType() : base("UUID")
    {
        Description = "A UUID in RFC 9562 format, such as \"018f4c1e-7a52-7c3e-9f0a-5b8f0c2d1e6a\".";
        SpecifiedBy = new Uri("https://www.rfc-editor.org/rfc/rfc9562");
    }

    public override object ParseLiteral(ValueNode literal) =>
        literal is StringValueNode node && Guid.TryParseExact(node.Value, "D", out Guid value) ? value : throw Refuse(literal, Expected);

    public override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && Guid.TryParseExact(json.GetString(), "D", out Guid value) ? value : throw Refuse(json, Expected);

    protected override void WriteValue(Utf8JsonWriter writer, Guid value) => writer.WriteStringValue(value);

    protected override ValueNode ToLiteralValue(Guid value) => new StringValueNode(default, value.ToString());
}
