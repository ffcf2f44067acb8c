using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Expresses filters and positions for readers, as <see cref="FilterExpression"/> and <see cref="Seek"/> do for a query's provider.
/// </summary>
internal static class StoreConditions
{
    /// <summary>False for a filter that cannot be expressed this way: one that looks into lists.</summary>
    public static bool TryState(FilterNode filter, out StoreCondition? condition)
    {
        condition = State(StoredFilter.Of(filter), [], isNullable: false, isOpposite: false, out bool isKnown);
        return isKnown;
    }

    /// <summary>The item comes after a position in the sort order.</summary>
    public static StoreCondition Behind(IReadOnlyList<StoreKey> order, object?[] position)
    {
        StoreCondition? condition = null;
        for (int i = order.Count - 1; i >= 0; i--)
        {
            StoreCondition behind = Behind(order[i], position[i]);
            condition = condition is null ? behind : Any(behind, StoreCondition.Both(Compare(order[i].Path, FilterOperator.Equal, position[i]), condition)!);
        }

        // Only the first key bounds what an index has to read; the others only separate items with an equal first key.
        StoreKey first = order[0];
        return order.Count > 1 && !first.Path.IsNullable
            ? StoreCondition.Both(Compare(first.Path, first.IsDescending ? FilterOperator.LessOrEqual : FilterOperator.GreaterOrEqual, position[0]), condition)!
            : condition!;
    }

    /// <summary>Null is greatest: after every value in ascending order, before every value in descending order.</summary>
    private static StoreCondition Behind(StoreKey key, object? position) => (position, key.IsDescending) switch
    {
        (null, false) => Any(),
        (null, true) => new StoreComparison(key.Path, FilterOperator.Equal, IsOpposite: true, Operand: null),
        (_, true) => Compare(key.Path, FilterOperator.Less, position),
        _ when key.Path.IsNullable => Any(Compare(key.Path, FilterOperator.Greater, position), Compare(key.Path, FilterOperator.Equal, operand: null)),
        _ => Compare(key.Path, FilterOperator.Greater, position),
    };

    private static StoreComparison Compare(StorePath path, FilterOperator comparison, object? operand) => new(path, comparison, IsOpposite: false, operand);

    private static StoreJunction Any(params StoreCondition[] conditions) => new(conditions, IsAll: false);

    private static StoreCondition? State(FilterNode node, PropertyInfo[] path, bool isNullable, bool isOpposite, out bool isKnown)
    {
        isKnown = true;
        switch (node)
        {
            case Not not:
                return State(not.Condition, path, isNullable, !isOpposite, out isKnown);
            case AllOf all:
                return Join(all.Conditions, path, isNullable, isOpposite, isAll: !isOpposite, out isKnown);
            case AnyOf any:
                return Join(any.Conditions, path, isNullable, isOpposite, isAll: isOpposite, out isKnown);
            case MemberHolds { Member: { Property: { } property } member } below:
                return State(below.Condition, [.. path, property], isNullable || member.IsNullable, isOpposite, out isKnown);
            case Compare { Operand: InOperand operand } compare:
                return new StoreComparison(new StorePath(path, isNullable), compare.Operator, isOpposite, operand.Values, operand.HasNull);
            case Compare compare:
                return new StoreComparison(new StorePath(path, isNullable), compare.Operator, isOpposite, compare.Operand);
            default:
                isKnown = false;
                return null;
        }
    }

    private static StoreCondition? Join(
        IReadOnlyList<FilterNode> conditions, PropertyInfo[] path, bool isNullable, bool isOpposite, bool isAll, out bool isKnown)
    {
        isKnown = true;
        var stated = new StoreCondition[conditions.Count];
        for (int i = 0; i < stated.Length && isKnown; i++)
            stated[i] = State(conditions[i], path, isNullable, isOpposite, out isKnown)!;
        return !isKnown ? null : stated.Length == 1 ? stated[0] : new StoreJunction(stated, isAll);
    }
}
