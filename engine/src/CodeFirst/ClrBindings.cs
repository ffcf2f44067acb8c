using System.Text.Json;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>A CLR type that stands for a global id wherever it is used.</summary>
internal sealed record IdBinding(string TypeName, IdCodec Codec, bool HasOwnFormat = false);

/// <summary>Which CLR types are scalars and ids, and how their values are converted to and from the scalar's.</summary>
internal sealed class ClrBindings
{
    private readonly Dictionary<Type, string> scalarNames = new()
    {
        [typeof(int)] = "Int",
        [typeof(short)] = "Short",
        [typeof(byte)] = "UnsignedByte",
        [typeof(ushort)] = "UnsignedShort",
        [typeof(long)] = "Long",
        [typeof(double)] = "Float",
        [typeof(float)] = "Float",
        [typeof(decimal)] = "Decimal",
        [typeof(string)] = "String",
        [typeof(bool)] = "Boolean",
        [typeof(Guid)] = "UUID",
        [typeof(DateTimeOffset)] = "DateTime",
        [typeof(DateTime)] = "DateTime",
        [typeof(TimeSpan)] = "Duration",
        [typeof(Uri)] = "URL",
        [typeof(DateOnly)] = "LocalDate",
        [typeof(TimeOnly)] = "LocalTime",
        [typeof(byte[])] = "Base64String",
        [typeof(sbyte)] = "Byte",
        [typeof(uint)] = "UnsignedInt",
        [typeof(ulong)] = "UnsignedLong",
        [typeof(object)] = "Any",
        [typeof(JsonElement)] = "Any",
    };

    private readonly Dictionary<string, Func<ScalarType>> scalars = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, IdBinding> ids = [];
    private readonly Dictionary<(Type From, Type To), Func<object, object>> converters = [];
    private readonly Dictionary<Type, Type> runtimeTypes = [];

    private readonly Dictionary<Type, Func<object, object?>> floors = [];

    public string? FindScalar(Type type) => scalarNames.GetValueOrDefault(type);

    /// <summary>A new scalar of that name, or null when there is none.</summary>
    public ScalarType? CreateScalar(string name)
    {
        ScalarType? scalar = scalars.TryGetValue(name, out Func<ScalarType>? create) ? create() : BuiltInScalars.Create(name);
        if (scalar is not null)
            Connect(scalar);
        return scalar;
    }

    public IdBinding? FindId(Type type) => ids.GetValueOrDefault(type);

    public void BindScalar(Type type, Func<ScalarType> create)
    {
        ScalarType scalar = create();
        scalarNames[type] = scalar.Name;
        runtimeTypes[type] = scalar.RuntimeType ?? typeof(object);
        if (!BuiltInScalars.IsSpecified(scalar.Name))
            scalars[scalar.Name] = create;
    }

    public void BindId(Type type, IdBinding binding) => ids[type] = binding;

    public void AddConverter(Type from, Type to, Func<object, object> convert) => converters[(from, to)] = convert;

    public void AddFloor(Type to, Func<object, object?> floor) => floors[to] = floor;

    /// <summary>From the scalar's runtime type to a value of a bound CLR type, or to the place between such values.</summary>
    public Func<object, object>? FindFloor(Type type)
    {
        if (!floors.TryGetValue(type, out Func<object, object?>? floor) || !runtimeTypes.TryGetValue(type, out Type? runtimeType))
            return null;
        Func<object, object> output = OutputConverter(type, runtimeType);
        return value => floor(value) is { } found && output(found).Equals(value) ? found : new InexactOperand(floor(value));
    }

    /// <summary>From the scalar's runtime type to a bound CLR type.</summary>
    public Func<object, object>? FindInputConverter(Type type)
    {
        if (!runtimeTypes.TryGetValue(type, out Type? runtimeType) || runtimeType == type)
            return null;
        if (converters.TryGetValue((runtimeType, type), out Func<object, object>? given))
            return Guarded(given);
        return ValueWrapper.Of(type) is { } wrapper && wrapper.Inner == runtimeType
            ? Guarded(wrapper.Wrap)
            : throw new SchemaException($"{type.Name} is bound to a scalar of {runtimeType.Name}, and there is no AddTypeConverter from that.");
    }

    /// <summary>Teaches a scalar of the schema to write the CLR types that are bound to it, and <c>ID</c> to write bound ids.</summary>
    public void Connect(ScalarType scalar)
    {
        if (scalar is not IConvertingScalar converting)
            return;
        foreach ((Type type, string _) in scalarNames.Where(
            binding => binding.Value == scalar.Name && runtimeTypes.ContainsKey(binding.Key) && binding.Key != scalar.RuntimeType))
            converting.AddConverter(type, OutputConverter(type, scalar.RuntimeType!));
        if (scalar is not IdType)
            return;
        foreach ((Type type, IdBinding id) in ids)
            converting.AddConverter(type, value => NodeId.Encode(id.TypeName, id.Codec.Format(value)));
    }

    private Func<object, object> OutputConverter(Type type, Type runtimeType)
    {
        if (converters.TryGetValue((type, runtimeType), out Func<object, object>? given))
            return given;
        return ValueWrapper.Of(type) is { } wrapper && wrapper.Inner == runtimeType
            ? wrapper.Unwrap
            : throw new SchemaException($"{type.Name} is bound to a scalar of {runtimeType.Name}, and there is no AddTypeConverter to that.");
    }

    /// <summary>
    /// A bound type rejects values out of its range with an argument exception, as a constructor does. The client sees that as an invalid value.
    /// </summary>
    private static Func<object, object> Guarded(Func<object, object> convert) => value =>
    {
        try
        {
            return convert(value);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            throw new CoercionException($"{Untyped.ToLiteral(value)} is out of range.");
        }
    };
}
