using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The condition that an item comes after a position in a sort order.</summary>
internal static class Seek
{
    private static readonly ConstantExpression False = Expression.Constant(false);

    /// <param name="position">The keys of the position, parallel to the keys of the order.</param>
    public static Expression<Func<T, bool>> Behind<T>(ItemOrder<T> order, object?[] position)
    {
        ParameterExpression item = Expression.Parameter(typeof(T), "item");
        Expression? condition = null;
        for (int i = order.Keys.Count - 1; i >= 0; i--)
        {
            var key = new ValueExpression(order.Keys[i].Of(item), order.Keys[i].IsNullable);
            Expression behind = Behind(key, order.Keys[i].IsDescending, position[i]);
            condition = condition is null ? behind : Either(behind, Expression.AndAlso(Same(key, position[i]), condition));
        }

        // Only the first key bounds what an index has to read; the others only separate items with an equal first key.
        OrderKey first = order.Keys[0];
        if (order.Keys.Count > 1 && !first.IsNullable)
            condition = Expression.AndAlso(AtOrBehind(new ValueExpression(first.Of(item), false), first.IsDescending, position[0]!), condition!);
        return Expression.Lambda<Func<T, bool>>(condition ?? False, item);
    }

    /// <summary>Null is greatest: after every value in ascending order, before every value in descending order.</summary>
    private static Expression Behind(ValueExpression key, bool isDescending, object? position) => (position, isDescending) switch
    {
        (null, false) => False,
        (null, true) => key.IsNotNull,
        (_, true) => Compared(ExpressionType.LessThan, key, position),
        _ => Either(Compared(ExpressionType.GreaterThan, key, position), key.IsNull),
    };

    private static Expression Same(ValueExpression key, object? position) => position is null ? key.IsNull : Compared(ExpressionType.Equal, key, position);

    private static Expression AtOrBehind(ValueExpression key, bool isDescending, object position) =>
        Compared(isDescending ? ExpressionType.LessThanOrEqual : ExpressionType.GreaterThanOrEqual, key, position);

    private static Expression Compared(ExpressionType kind, ValueExpression key, object position)
    {
        Expression compared = StoreOrder.Binary(kind, key.Value, StoreParameter.Of(position, key.Value.Type));
        return key.IsNullable ? Expression.AndAlso(key.IsNotNull, compared) : compared;
    }

    private static Expression Either(Expression left, Expression right) =>
        IsFalse(left) ? right : IsFalse(right) ? left : Expression.OrElse(left, right);

    private static bool IsFalse(Expression condition) => condition is ConstantExpression { Value: false };
}
