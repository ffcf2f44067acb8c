using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A scalar whose runtime values are of type <typeparamref name="T"/>. Other CLR types are converted by converters of the schema.</summary>
public abstract class ScalarType<T> : ScalarType, IConvertingScalar where T : notnull
{
    private readonly Dictionary<Type, Func<object, object>> converters = [];

    protected ScalarType(string name) : base(name) => RuntimeType = typeof(T);

    void IConvertingScalar.AddConverter(Type from, Func<object, object> convert) => converters[from] = convert;

    public sealed override void Write(Utf8JsonWriter writer, object value) => WriteValue(writer, ToRuntime(value));

    public sealed override ValueNode ToLiteral(object value) => ToLiteralValue(ToRuntime(value));

    protected abstract void WriteValue(Utf8JsonWriter writer, T value);

    protected abstract ValueNode ToLiteralValue(T value);

    /// <summary>Result coercion from other CLR types, such as an <c>int</c> for a <c>long</c>.</summary>
    protected virtual bool TryConvert(object value, out T converted)
    {
        converted = default!;
        return false;
    }

    /// <summary>Result coercion to the runtime type.</summary>
    /// <exception cref="CoercionException">The scalar has no such value.</exception>
    internal T ToRuntime(object value)
    {
        if (value is T exact)
            return exact;
        if (converters.TryGetValue(value.GetType(), out Func<object, object>? convert))
            return (T)convert(value);
        return TryConvert(value, out T converted) ? converted : throw new CoercionException($"{Name} cannot represent a value of type {value.GetType().Name}.");
    }

    /// <summary>The error for an input that this scalar does not accept.</summary>
    protected CoercionException Refuse(ValueNode literal, string expected) => Refusal.Of(Name, expected, literal.ToString());

    /// <inheritdoc cref="Refuse(ValueNode, string)"/>
    protected CoercionException Refuse(JsonElement json, string expected) => Refusal.Of(Name, expected, json.GetRawText());
}

/// <summary>A scalar that also writes CLR types that a service has bound to it. Only called while the schema is built.</summary>
internal interface IConvertingScalar
{
    void AddConverter(Type from, Func<object, object> convert);
}

file static class Refusal
{
    private const int ShownMax = 64;

    public static CoercionException Of(string type, string expected, string found) =>
        new($"{type} takes {expected}, not {(found.Length <= ShownMax ? found : $"{found[..ShownMax]}…")}.");
}
