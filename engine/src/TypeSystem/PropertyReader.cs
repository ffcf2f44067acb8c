using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.TypeSystem;

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
