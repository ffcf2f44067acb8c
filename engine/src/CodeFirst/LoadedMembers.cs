using System.Linq.Expressions;
using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Finds the fields that can be read from what was fetched along with their object.</summary>
internal static class LoadedMembers
{
    /// <summary>
    /// Null for a field that does not show a single object by <see cref="BindMemberAttribute"/>, takes arguments, or wraps its resolver.
    /// </summary>
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
