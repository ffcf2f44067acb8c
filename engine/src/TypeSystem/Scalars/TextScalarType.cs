using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A scalar that is written as a string in one format, and only read from exactly that format.</summary>
public abstract class TextScalarType<T> : ScalarType<T> where T : notnull
{
    private readonly string expected;

    /// <param name="name">In the schema.</param>
    /// <param name="expected">What an error message says is accepted.</param>
    /// <param name="specification">The page's name at scalars.graphql.org.</param>
    protected TextScalarType(string name, string expected, string specification) : base(name)
    {
        this.expected = expected;
        SpecifiedBy = new Uri($"https://scalars.graphql.org/chillicream/{specification}.html");
    }

    public sealed override object ParseLiteral(ValueNode literal) =>
        literal is StringValueNode node && TryParse(node.Value, out T value) ? value : throw Refuse(literal, expected);

    public sealed override object ParseJson(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && TryParse(json.GetString()!, out T value) ? value : throw Refuse(json, expected);

    protected sealed override void WriteValue(Utf8JsonWriter writer, T value) => writer.WriteStringValue(Format(value));

    protected sealed override ValueNode ToLiteralValue(T value) => new StringValueNode(default, Format(value));

    protected abstract bool TryParse(string text, out T value);

    protected abstract string Format(T value);
}
