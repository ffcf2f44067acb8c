using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// Any JSON value: null, bool, string, <c>long</c> or <c>double</c>, or a list or dictionary of these. Also stands for a scalar that SDL names and
/// nobody has implemented.
/// </summary>
public sealed class AnyType : ScalarType
{
    public AnyType() : this("Any") => Description = "Any JSON value.";

    internal AnyType(string name) : base(name) => RuntimeType = typeof(object);

    public override object ParseLiteral(ValueNode literal) => Untyped.FromLiteral(literal)!;

    public override object ParseJson(JsonElement json) => Untyped.FromJson(json)!;

    public override void Write(Utf8JsonWriter writer, object value) => Untyped.Write(writer, value);

    public override ValueNode ToLiteral(object value) => Untyped.ToLiteral(value);
}
