using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Reads the member of a field's name from whatever its parent is: a dictionary's entry, or a property found once for each CLR type.</summary>
internal sealed class DefaultResolver(string name)
{
    private readonly ConcurrentDictionary<Type, Func<object, object?>> readers = new();

    public object? Read(object parent) => parent is IReadOnlyDictionary<string, object?> map
        ? map.GetValueOrDefault(name)
        : readers.GetOrAdd(parent.GetType(), Compile)(parent);

    private Func<object, object?> Compile(Type type)
    {
        PropertyInfo? property = type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return property is null ? _ => null : PropertyReader.Compile(property);
    }
}

/// <summary>Compiled getters.</summary>
internal static class PropertyReader
{
    private static readonly ConcurrentDictionary<PropertyInfo, Func<object, object?>> Known = new();

    public static Func<object, object?> Of(PropertyInfo property) => Known.GetOrAdd(property, Compile);

    public static Func<object, object?> Compile(PropertyInfo property)
    {
        ParameterExpression parent = Expression.Parameter(typeof(object));
        Expression value = Expression.Property(Expression.Convert(parent, property.DeclaringType!), property);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), parent).Compile();
    }
}
