using System.Collections;
using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Values without a GraphQL type: dictionaries, lists and primitives, converted from and to literals and JSON.</summary>
internal static class Untyped
{
    /// <summary>Literals and JSON are bounded by their parsers; this bounds what resolvers return.</summary>
    private const int DepthMax = 200;

    public static object? FromLiteral(ValueNode literal) => literal switch
    {
        NullValueNode => null,
        BooleanValueNode node => node.Value,
        StringValueNode node => node.Value,
        EnumValueNode node => node.Value,
        IntValueNode node => Number(node.Value),
        FloatValueNode node => Number(node.Value),
        ListValueNode node => node.Items.Select(FromLiteral).ToList(),
        ObjectValueNode node => ToDictionary(node.Fields.Select(field => (field.Name, FromLiteral(field.Value)))),
        _ => throw new CoercionException("a variable has no value here."),
    };

    public static object? FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => Number(json.GetRawText()),
        JsonValueKind.Array => json.EnumerateArray().Select(FromJson).ToList(),
        JsonValueKind.Object => ToDictionary(json.EnumerateObject().Select(field => (field.Name, FromJson(field.Value)))),
        _ => null,
    };

    public static ValueNode ToLiteral(object? value) => value switch
    {
        null => new NullValueNode(default),
        bool flag => new BooleanValueNode(default, flag),
        string text => new StringValueNode(default, text),
        Enum or Guid or DateTimeOffset or Uri or TimeSpan => new StringValueNode(default, Convert.ToString(value, CultureInfo.InvariantCulture)!),
        JsonElement json => ToLiteral(FromJson(json)),
        IReadOnlyDictionary<string, object?> map =>
            new ObjectValueNode(default, [.. map.Select(entry => new ObjectFieldNode(default, entry.Key, ToLiteral(entry.Value)))]),
        IEnumerable items => new ListValueNode(default, [.. items.Cast<object?>().Select(ToLiteral)]),
        _ when WholeNumbers.TryToLong(value, out long whole) => new IntValueNode(default, whole.ToString(CultureInfo.InvariantCulture)),
        _ when WholeNumbers.IsNumber(value) => new FloatValueNode(default, Convert.ToString(value, CultureInfo.InvariantCulture)!),
        _ => throw new CoercionException($"a value of type {value.GetType().Name} has no literal."),
    };

    /// <summary>Checks the whole value before the first byte, so that an error leaves the response unchanged.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        Check(value, 0);
        WriteChecked(writer, value);
    }

    private static void Check(object? value, int depth)
    {
        if (depth > DepthMax)
            throw new CoercionException($"the value is nested deeper than {DepthMax}.");
        switch (value)
        {
            case null or bool or string or JsonElement or Enum or Guid or DateTimeOffset or DateTime or Uri or TimeSpan:
                break;
            case double number when !double.IsFinite(number):
                throw new CoercionException("JSON numbers must be finite.");
            case IReadOnlyDictionary<string, object?> map:
                foreach (object? entry in map.Values)
                    Check(entry, depth + 1);
                break;
            case IEnumerable items:
                foreach (object? item in items)
                    Check(item, depth + 1);
                break;
            default:
                if (!WholeNumbers.IsNumber(value))
                    throw new CoercionException($"a value of type {value.GetType().Name} cannot be written as JSON.");
                break;
        }
    }

    private static void WriteChecked(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case JsonElement json:
                json.WriteTo(writer);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case float number:
                writer.WriteNumberValue(number);
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteObject(writer, map);
                break;
            case Enum or Guid or DateTimeOffset or DateTime or Uri or TimeSpan:
                writer.WriteStringValue(
                    value is IFormattable instant and (DateTimeOffset or DateTime) ? instant.ToString("O", CultureInfo.InvariantCulture) : value.ToString());
                break;
            case IEnumerable items:
                writer.WriteStartArray();
                foreach (object? item in items)
                    WriteChecked(writer, item);
                writer.WriteEndArray();
                break;
            default:
                writer.WriteNumberValue(Convert.ToDecimal(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?> map)
    {
        writer.WriteStartObject();
        foreach ((string name, object? entry) in map)
        {
            writer.WritePropertyName(name);
            WriteChecked(writer, entry);
        }
        writer.WriteEndObject();
    }

    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return whole;
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(number) ? number : throw new CoercionException($"{text} is out of range.");
    }

    /// <summary>The last of several equal names wins, as in JSON.</summary>
    private static Dictionary<string, object?> ToDictionary(IEnumerable<(string Name, object? Value)> fields)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, object? value) in fields)
            map[name] = value;
        return map;
    }
}
