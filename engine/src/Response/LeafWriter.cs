using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>Result coercion of one leaf type, directly into the response.</summary>
internal abstract class LeafWriter
{
    /// <exception cref="CoercionException">The type has no such value. Something may have been written.</exception>
    public abstract void Write(ResponseBuffer buffer, object value);
}

/// <summary>The writers of a schema's leaf types, made when first needed.</summary>
internal sealed class LeafWriters
{
    private readonly ConcurrentDictionary<NamedType, LeafWriter> writers = [];
    private readonly ConcurrentDictionary<FieldDefinition, MemberLeaf?> members = [];

    /// <inheritdoc cref="MemberLeaf.Of"/>
    public MemberLeaf? OfMember(FieldDefinition field) => members.GetOrAdd(field, MemberLeaf.Of);

    public LeafWriter Of(NamedType leaf) => writers.GetOrAdd(leaf, static leaf => leaf switch
    {
        EnumType @enum => new EnumLeafWriter(@enum),
        ScalarType scalar => new ScalarLeafWriter(scalar),
        _ => throw new InvalidOperationException($"{leaf} is not a leaf type."),
    });
}

/// <summary>
/// Strings, booleans and numbers of the built-in scalars are written here, since most values of any response are one of these; everything else is
/// written by its scalar.
/// </summary>
internal sealed class ScalarLeafWriter(ScalarType scalar) : LeafWriter
{
    private readonly Type? plainType = scalar switch
    {
        StringType or IdType => typeof(string),
        IntType => typeof(int),
        LongType => typeof(long),
        BooleanType => typeof(bool),
        FloatType => typeof(double),
        _ => null,
    };

    public override void Write(ResponseBuffer buffer, object value)
    {
        if (scalar is DecimalType decimals)
        {
            buffer.WriteQuoted(decimals.ToRuntime(value));
            return;
        }
        if (value.GetType() != plainType)
        {
            WriteByScalar(buffer, value);
            return;
        }
        switch (value)
        {
            case string text:
                buffer.WriteString(text);
                break;
            case int number:
                buffer.WriteNumber(number);
                break;
            case long number:
                buffer.WriteNumber(number);
                break;
            case double number when double.IsFinite(number):
                buffer.WriteNumber(number);
                break;
            case bool flag:
                buffer.Write(flag ? "true"u8 : "false"u8);
                break;
            default:
                WriteByScalar(buffer, value);
                break;
        }
    }

    private void WriteByScalar(ResponseBuffer buffer, object value)
    {
        Utf8JsonWriter writer = buffer.JsonWriter;
        scalar.Write(writer, value);
        writer.Flush();
    }
}

/// <summary>Names of enum values, encoded once.</summary>
internal sealed class EnumLeafWriter(EnumType type) : LeafWriter
{
    private readonly Dictionary<object, byte[]> names = type.Values.DistinctBy(value => value.Value)
        .ToDictionary(value => value.Value, value => Encoding.UTF8.GetBytes($"\"{value.Name}\""));

    public override void Write(ResponseBuffer buffer, object value)
    {
        if (!names.TryGetValue(value, out byte[]? name))
            throw new CoercionException($"{type.Name} has no value {value}.");
        buffer.Write(name);
    }
}
