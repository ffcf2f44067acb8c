using System.Collections;
using System.Reflection;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Converts coerced values to what parameters and properties take: collections, ids, bound types.</summary>
internal sealed class InputConversions(ClrBindings bindings)
{
    /// <summary>The conversion to a shape, or null when the coerced value fits as it is.</summary>
    public Func<object?, object?>? To(ClrShape shape, bool isId = false, string? idTypeName = null)
    {
        if (shape.Item is not { } item)
            return Single(shape.Type, isId, idTypeName) is { } convert ? value => value is null ? null : convert(value) : null;

        Func<object?, object?>? convertItem = To(item, isId, idTypeName);
        Type itemType = item.IsNullable && item.Type.IsValueType ? typeof(Nullable<>).MakeGenericType(item.Type) : item.Type;
        Func<object?[], object> make = ListMaker.For(shape.Type, itemType);
        return value => value is object?[] items ? make(convertItem is null ? items : Array.ConvertAll(items, element => convertItem(element))) : value;
    }

    private Func<object, object>? Single(Type type, bool isId, string? idTypeName)
    {
        if (isId || bindings.FindId(type) is not null)
            return IdTo(type, idTypeName ?? bindings.FindId(type)?.TypeName);
        if (bindings.FindInputConverter(type) is { } converter)
            return converter;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Single => value => (float)(double)value,
            TypeCode.DateTime => value => ((DateTimeOffset)value).UtcDateTime,
            _ when type == typeof(JsonElement) => value => JsonSerializer.SerializeToElement(value),
            _ => null,
        };
    }

    private Func<object, object> IdTo(Type type, string? typeName)
    {
        IdCodec codec = bindings.FindId(type)?.Codec ?? IdCodec.For(type)
            ?? throw new SchemaException($"{type.Name} cannot be an id: register it with AddIdConverter.");
        return value =>
        {
            if (!NodeId.TryDecode((string)value, out string found, out string text) || !IsName(found))
                throw new CoercionException(NodeId.Malformed((string)value));
            if (typeName is not null && found != typeName)
                throw new CoercionException($"must be {AnId(typeName)}, not {AnId(found)}.") { IsPredicate = true };
            return codec.Parse(text) ?? throw new CoercionException(NodeId.Malformed((string)value));
        };
    }

    /// <summary>Anyone can write an id: its type is only repeated when it looks like one.</summary>
    private static bool IsName(string found) => found.Length <= 64 && found.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static string AnId(string typeName) => $"{Article(typeName)} {typeName} ID";

    /// <summary>By sound: "a Unit ID", "an Update ID".</summary>
    private static string Article(string word) =>
        word[0] is 'A' or 'E' or 'I' or 'O'
            || (word[0] is 'U' && !word.StartsWith("Us", StringComparison.Ordinal) && !word.StartsWith("Uni", StringComparison.Ordinal))
            ? "an"
            : "a";
}

/// <summary>Makes collections of the type that a parameter or property has.</summary>
internal static class ListMaker
{
    public static Func<object?[], object> For(Type listType, Type itemType) => (Func<object?[], object>)typeof(ListMaker)
        .GetMethod(nameof(Maker), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(itemType).Invoke(null, [listType])!;

    private static Func<object?[], object> Maker<T>(Type listType)
    {
        if (listType.IsAssignableFrom(typeof(T[])))
            return Items<T>;
        if (listType.IsAssignableFrom(typeof(List<T>)))
            return items => Items<T>(items).ToList();
        if (listType.IsAssignableFrom(typeof(HashSet<T>)))
            return items => Items<T>(items).ToHashSet();
        return _ => throw new InvalidOperationException($"{listType.Name} cannot be made from a list.");
    }

    private static T[] Items<T>(object?[] items) => Array.ConvertAll(items, item => (T)item!);
}
