using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Turns a condition into an expression. Negation is pushed down to the comparisons, each of which states how it treats null. The expression never
/// depends on SQL's "unknown", so a database and C# agree.
/// </summary>
internal sealed class FilterExpression(ItemSource source)
{
    private static readonly ConstantExpression True = Expression.Constant(true);
    private static readonly ConstantExpression False = Expression.Constant(false);

    public static Expression<Func<T, bool>> Of<T>(FilterNode filter, ItemSource source)
    {
        ParameterExpression item = Expression.Parameter(typeof(T), "item");
        FilterNode effective = source == ItemSource.Store ? StoredFilter.Of(filter) : filter;
        return Expression.Lambda<Func<T, bool>>(new FilterExpression(source).Build(effective, new ValueExpression(item, false), isOpposite: false), item);
    }

    private Expression Build(FilterNode node, ValueExpression target, bool isOpposite) => node switch
    {
        Not not => Build(not.Condition, target, !isOpposite),
        AllOf all => Join(all.Conditions, target, isOpposite, isAnd: !isOpposite),
        AnyOf any => Join(any.Conditions, target, isOpposite, isAnd: isOpposite),
        MemberHolds member => MemberHolds(member, target, isOpposite),
        HasItem list => HasItem(list, target, isOpposite),
        Compare compare => new Comparison(target, source).Build(compare, isOpposite),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    private Expression Join(IReadOnlyList<FilterNode> conditions, ValueExpression target, bool isOpposite, bool isAnd)
    {
        Expression? joined = null;
        foreach (FilterNode condition in conditions)
        {
            Expression next = Build(condition, target, isOpposite);
            joined = joined is null ? next : isAnd ? Expression.AndAlso(joined, next) : Expression.OrElse(joined, next);
        }
        return joined ?? (isAnd ? True : False);
    }

    private Expression MemberHolds(MemberHolds node, ValueExpression owner, bool isOpposite)
    {
        ValueExpression value = owner.Read(node.Member, source);
        if (source == ItemSource.Store || value.Expression.Type.IsValueType)
            return Build(node.Condition, value, isOpposite);

        // Read once, since the condition may use it many times.
        ParameterExpression once = Expression.Variable(value.Expression.Type);
        return Expression.Block([once], Expression.Assign(once, value.Expression), Build(node.Condition, value with { Expression = once }, isOpposite));
    }

    private Expression HasItem(HasItem node, ValueExpression list, bool isOpposite)
    {
        Type itemType = ElementTypes.Of(list.Expression.Type)!;
        Expression found;
        if (node.Condition is null)
        {
            found = Expression.Call(typeof(Enumerable), nameof(Enumerable.Any), [itemType], list.Expression);
        }
        else
        {
            ParameterExpression item = Expression.Parameter(itemType, "element");
            bool isNullable = node.Item.IsNullable || (source == ItemSource.Memory && !itemType.IsValueType);
            LambdaExpression condition = Expression.Lambda(Build(node.Condition, new ValueExpression(item, isNullable), isOpposite: false), item);
            found = Expression.Call(typeof(Enumerable), nameof(Enumerable.Any), [itemType], list.Expression, condition);
        }

        // A missing list has no items. A store's list of objects is another table, which is never missing.
        bool mayBeMissing = list.IsNullable && (source == ItemSource.Memory || node.Item.Type.IsValueType || node.Item.Type == typeof(string));
        if (!mayBeMissing)
            return isOpposite ? Expression.Not(found) : found;
        return isOpposite ? Expression.OrElse(list.IsNull, Expression.Not(found)) : Expression.AndAlso(list.IsNotNull, found);
    }
}
