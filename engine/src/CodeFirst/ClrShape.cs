using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// A CLR type as the schema sees it: without tasks and <see cref="Nullable{T}"/>, with lists as lists and nullability made explicit.
/// </summary>
/// <param name="Type">The CLR type, without <see cref="Nullable{T}"/> and <see cref="Optional{T}"/>.</param>
/// <param name="Item">The shape of the items when this is a list.</param>
internal sealed record ClrShape(Type Type, bool IsNullable, ClrShape? Item = null)
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>The CLR type of a single value inside all lists.</summary>
    public Type Named => Item?.Named ?? Type;

    public static ClrShape Of(MethodInfo method) => Of(method.ReturnType, Read(context => context.Create(method.ReturnParameter)));
    public static ClrShape Of(PropertyInfo property) => Of(property.PropertyType, Read(context => context.Create(property)));
    public static ClrShape Of(ParameterInfo parameter) => Of(parameter.ParameterType, Read(context => context.Create(parameter)));

    /// <summary>A type without nullability information: references count as non-null.</summary>
    public static ClrShape Of(Type type) => Of(type, info: null);

    /// <summary>The part of a method's return type that the field shows: the result of a task.</summary>
    public static Type Awaited(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() is var definition && (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
            ? type.GetGenericArguments()[0]
            : type;

    public static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    /// <summary>The type of the items of a list of any kind, or null. Strings, bytes and dictionaries are not lists.</summary>
    public static Type? ItemType(Type type)
    {
        if (type == typeof(string) || type == typeof(byte[]))
            return null;
        if (type.IsArray)
            return type.GetElementType();
        Type[] generic = [.. type.GetInterfaces().Prepend(type).Where(candidate => candidate is { IsInterface: true, IsGenericType: true })];
        if (Array.Exists(generic, candidate => candidate.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IReadOnlyDictionary<,>) || definition == typeof(IDictionary<,>))))
            return null;
        return Array.Find(generic, candidate => candidate.GetGenericTypeDefinition() is var definition
            && (definition == typeof(IEnumerable<>) || definition == typeof(IAsyncEnumerable<>)))?.GetGenericArguments()[0];
    }

    private static ClrShape Of(Type type, NullabilityInfo? info)
    {
        if (Awaited(type) is var awaited && awaited != type)
            return Of(awaited, info?.GenericTypeArguments[0]);
        if (IsOptional(type))
            return Of(type.GetGenericArguments()[0], info?.GenericTypeArguments[0]) with { IsNullable = true };
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying, info) with { IsNullable = true };

        bool isNullable = !type.IsValueType && info is { ReadState: NullabilityState.Nullable or NullabilityState.Unknown };
        return ItemType(type) is { } item ? new ClrShape(type, isNullable, Of(item, ItemInfo(type, item, info))) : new ClrShape(type, isNullable);
    }

    private static NullabilityInfo? ItemInfo(Type type, Type item, NullabilityInfo? info)
    {
        if (info is null)
            return null;
        if (type.IsArray)
            return info.ElementType;
        return type.GetGenericArguments() is [var only] && only == item ? info.GenericTypeArguments[0] : null;
    }

    /// <summary>The context caches and is not thread-safe, while two servers may start in one process.</summary>
    private static NullabilityInfo Read(Func<NullabilityInfoContext, NullabilityInfo> create)
    {
        lock (Nullability)
            return create(Nullability);
    }
}

/// <summary>The type of a member or parameter, with the nullability of its declaration.</summary>
/// <param name="Shape">The CLR type.</param>
/// <param name="IsId">Marked <see cref="IDAttribute"/>: shown as <c>ID</c> whatever the CLR type is.</param>
/// <param name="IdTypeName">The object type that the id belongs to, if stated.</param>
internal sealed record MemberTypeReference(ClrShape Shape, bool IsId = false, string? IdTypeName = null) : TypeReference;
