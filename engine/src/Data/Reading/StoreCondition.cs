namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// A condition on an item. Of a comparison and its opposite, exactly one is true. Null equals only null, and is neither greater nor less than any
/// value. Only comparisons can be negated.
/// </summary>
public abstract record StoreCondition
{
    /// <summary>Both are true; null is always true.</summary>
    public static StoreCondition? Both(StoreCondition? left, StoreCondition? right) =>
        left is null ? right : right is null ? left : new StoreJunction([left, right], IsAll: true);
}

/// <param name="Conditions">When empty, "all" is true and "any" is false.</param>
/// <param name="IsAll">Whether all must be true, rather than at least one.</param>
public sealed record StoreJunction(IReadOnlyList<StoreCondition> Conditions, bool IsAll) : StoreCondition;

/// <summary>Compares a value with a given one, or with several.</summary>
/// <param name="Operand">Has the value's type; null looks for null; an array for <see cref="FilterOperator.In"/>.</param>
/// <param name="HasNull">For <see cref="FilterOperator.In"/>: null is one of the values.</param>
public sealed record StoreComparison(StorePath Path, FilterOperator Operator, bool IsOpposite, object? Operand, bool HasNull = false) : StoreCondition;
