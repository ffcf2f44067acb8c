using System.Linq.Expressions;
using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Builds <c>item => new T { A = item.A, B = item.B == null ? null : new B { C = item.B.C } }</c> from what an operation selects.</summary>
internal static class ProjectionBuilder
{
    /// <summary>Null when the whole item is needed.</summary>
    public static Expression<Func<T, T>>? Build<T>(ProjectedMembers members)
    {
        if (members is { IsWhole: true, Objects.Count: 0 })
            return null;
        ParameterExpression item = Expression.Parameter(typeof(T), "item");
        return Expression.Lambda<Func<T, T>>(Part(item, members), item);
    }

    private static MemberInitExpression Part(Expression item, ProjectedMembers members)
    {
        List<MemberBinding> bindings = [];
        foreach (PropertyInfo property in members.IsWhole ? OwnValues(item.Type).Union(members.Values) : members.Values)
        {
            if (!members.Objects.ContainsKey(property))
                bindings.Add(Expression.Bind(property, Expression.Property(item, property)));
        }
        foreach ((PropertyInfo property, ProjectedMembers below) in members.Objects)
        {
            if (members.Values.Contains(property))
                below.ReadWhole(); // A resolver also reads the object, without saying which properties.
            Expression value = Expression.Property(item, property);
            ConstantExpression missing = Expression.Constant(null, value.Type);
            bindings.Add(Expression.Bind(property, Expression.Condition(Expression.Equal(value, missing), missing, Part(value, below))));
        }
        return Expression.MemberInit(Expression.New(ProjectedMembers.Constructor(item.Type)!), bindings);
    }

    /// <summary>
    /// The values that an object itself holds. Another object, or a list of objects, may be another table, which is only fetched when named.
    /// </summary>
    private static IEnumerable<PropertyInfo> OwnValues(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && property.GetIndexParameters().Length == 0)
            .Where(property => IsValue(ElementTypes.Of(property.PropertyType) ?? property.PropertyType));

    private static bool IsValue(Type type) => type.IsValueType || type == typeof(string);
}
