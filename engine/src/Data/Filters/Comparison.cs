using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// A comparison as an expression, or its exact opposite: for every value, exactly one of the two is true. Null equals only null, and is neither
/// greater nor less than any value.
/// </summary>
/// <remarks>
/// To ignore case, both sides are folded by <see cref="CaseFolding"/>, in a store and in memory. The store's translation escapes patterns.
/// </remarks>
internal sealed class Comparison(ValueExpression target, ItemSource source)
{
    private static readonly MethodInfo Fold = typeof(CaseFolding).GetMethod(nameof(CaseFolding.Fold))!;

    /// <summary>
    /// The value is an item of a list of values. EF Core rewrites "none is unequal" to "all are equal" there, which Npgsql then cannot translate.
    /// </summary>
    private bool IsStoredItem => source == ItemSource.Store && target.Expression is ParameterExpression;

    public Expression Build(Compare compare, bool isOpposite) => compare switch
    {
        { Operator: FilterOperator.Equal or FilterOperator.EqualIgnoreCase, Operand: null } => isOpposite ? target.IsNotNull : target.IsNull,
        { Operator: FilterOperator.Equal } when isOpposite && IsStoredItem => In(InOperand.Of(target.Value.Type, [compare.Operand]), isOpposite),
        { Operator: FilterOperator.In } => In((InOperand)compare.Operand!, isOpposite),
        _ => isOpposite ? OrNull(Opposite(compare)) : Guarded(Direct(compare)),
    };

    private Expression In(InOperand operand, bool isOpposite)
    {
        Type type = target.Value.Type;
        Expression values = StoreParameter.Of(operand.Values, type.MakeArrayType());
        Expression isAmong = Expression.Call(typeof(Enumerable), nameof(Enumerable.Contains), [type], values, target.Value);
        if (isOpposite)
            return operand.HasNull ? AndNotNull(Expression.Not(isAmong)) : OrNull(Expression.Not(isAmong));
        return operand.HasNull ? OrNull(isAmong) : Guarded(isAmong);
    }

    private Expression Direct(Compare compare) => compare.Operator switch
    {
        FilterOperator.Equal => Binary(ExpressionType.Equal, compare),
        FilterOperator.Greater => Binary(ExpressionType.GreaterThan, compare),
        FilterOperator.GreaterOrEqual => Binary(ExpressionType.GreaterThanOrEqual, compare),
        FilterOperator.Less => Binary(ExpressionType.LessThan, compare),
        FilterOperator.LessOrEqual => Binary(ExpressionType.LessThanOrEqual, compare),
        _ => Text(compare),
    };

    /// <summary>The opposite, for a value that is not null.</summary>
    private Expression Opposite(Compare compare) => compare.Operator switch
    {
        FilterOperator.Equal => Binary(ExpressionType.NotEqual, compare),
        FilterOperator.Greater => Binary(ExpressionType.LessThanOrEqual, compare),
        FilterOperator.GreaterOrEqual => Binary(ExpressionType.LessThan, compare),
        FilterOperator.Less => Binary(ExpressionType.GreaterThanOrEqual, compare),
        FilterOperator.LessOrEqual => Binary(ExpressionType.GreaterThan, compare),
        _ => Expression.Not(Text(compare)),
    };

    private BinaryExpression Binary(ExpressionType kind, Compare compare)
    {
        Expression value = target.Value;
        Expression operand = StoreParameter.Of(compare.Operand, value.Type);
        if (kind is ExpressionType.Equal or ExpressionType.NotEqual)
            return Expression.MakeBinary(kind, value, operand);
        return StoreOrder.Binary(kind, value, operand);
    }

    private Expression Text(Compare compare)
    {
        string operand = (string)compare.Operand!;
        Expression value = target.Value;
        if (compare.Operator is >= FilterOperator.EqualIgnoreCase)
        {
            operand = CaseFolding.Fold(operand);
            value = Expression.Call(Fold, value);
        }
        Expression text = StoreParameter.Of(operand, typeof(string));
        return compare.Operator switch
        {
            FilterOperator.EqualIgnoreCase => Expression.Equal(value, text),
            FilterOperator.Contains or FilterOperator.ContainsIgnoreCase => Expression.Call(value, nameof(string.Contains), null, text),
            FilterOperator.StartsWith or FilterOperator.StartsWithIgnoreCase => Affix(nameof(string.StartsWith), value, text),
            _ => Affix(nameof(string.EndsWith), value, text),
        };
    }

    /// <summary>A store only translates the short form, which in C# would compare by culture.</summary>
    private MethodCallExpression Affix(string method, Expression value, Expression text) => source == ItemSource.Store
        ? Expression.Call(value, method, null, text)
        : Expression.Call(value, method, null, text, Expression.Constant(StringComparison.Ordinal));

    /// <summary>In a store, a comparison with null is never true.</summary>
    private Expression Guarded(Expression condition) => source == ItemSource.Store ? condition : AndNotNull(condition);

    private Expression AndNotNull(Expression condition) => target.IsNullable ? Expression.AndAlso(target.IsNotNull, condition) : condition;

    private Expression OrNull(Expression condition) => target.IsNullable ? Expression.OrElse(target.IsNull, condition) : condition;
}
