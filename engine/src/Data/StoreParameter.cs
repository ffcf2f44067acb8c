using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

internal static class StoreParameter
{
    /// <summary>
    /// A value in an expression, in the form of a captured variable: a store turns it into a parameter, and so compiles each kind of query only once.
    /// </summary>
    public static Expression Of(object? value, Type type)
    {
        object box = Activator.CreateInstance(typeof(Captured<>).MakeGenericType(type), value)!;
        return Expression.Field(Expression.Constant(box), nameof(Captured<object>.Value));
    }

    private sealed class Captured<T>(T value)
    {
        public readonly T Value = value;
    }
}
