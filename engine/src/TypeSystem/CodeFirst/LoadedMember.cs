using System.Linq.Expressions;
using System.Reflection;
using Mycelium.GraphQL.Engine.Data;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>The property that a field with a resolver of its own shows, and how it is read.</summary>
/// <param name="Read">Null when the object does not hold it, or is of another type.</param>
internal sealed record LoadedMember(PropertyInfo Property, Func<object, object?> Read)
{
    /// <summary>Null for a field that shows no single object by <see cref="BindMemberAttribute"/>, takes arguments, or does anything around its resolver.</summary>
    public static LoadedMember? Of(ComplexType owner, FieldDescriptor field)
    {
        if (field.Middleware.Count > 0 || field.Arguments.Count > 0
            || !field.Features.TryGetValue(typeof(BindMemberAttribute), out object? bind)
            || owner.RuntimeType?.GetProperty(((BindMemberAttribute)bind).Property) is not { PropertyType.IsClass: true } property
            || property.PropertyType != field.ResultType || property.PropertyType == typeof(string))
        {
            return null;
        }
        ParameterExpression parent = Expression.Parameter(typeof(object));
        ParameterExpression typed = Expression.Variable(owner.RuntimeType);
        Expression value = Expression.Condition(
            Expression.ReferenceEqual(typed, Expression.Constant(null)), Expression.Constant(null), Expression.Property(typed, property), typeof(object));
        Expression body = Expression.Block([typed], Expression.Assign(typed, Expression.TypeAs(parent, owner.RuntimeType)), value);
        return new LoadedMember(property, Expression.Lambda<Func<object, object?>>(body, parent).Compile());
    }
}
