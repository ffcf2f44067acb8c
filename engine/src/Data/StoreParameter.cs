using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

internal static class StoreParameter
{
    /// <summary>A value as a captured variable would stand in an expression: a store makes it a parameter, and so compiles each shape of query once.</summary>
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
