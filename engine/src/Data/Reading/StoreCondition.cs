namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// A condition on an item. Of a comparison and its opposite, one holds; no value (null) equals nothing but null and is neither greater nor less. There is no
/// "not" but at the comparisons.
/// </summary>
public abstract record StoreCondition
{
    /// <summary>Both hold; null holds always.</summary>
    public static StoreCondition? Both(StoreCondition? left, StoreCondition? right) =>
        left is null ? right : right is null ? left : new StoreJunction([left, right], IsAll: true);
}

/// <param name="Conditions">With none, "all" holds and "any" does not.</param>
/// <param name="IsAll">All of them hold, rather than at least one.</param>
public sealed record StoreJunction(IReadOnlyList<StoreCondition> Conditions, bool IsAll) : StoreCondition;

/// <summary>Compares a value with one that is given, or with several.</summary>
/// <param name="Operand">Of the value's own type; null asks for no value; an array for <see cref="FilterOperator.In"/>.</param>
/// <param name="HasNull">Of <see cref="FilterOperator.In"/>: no value is among those asked for.</param>
public sealed record StoreComparison(StorePath Path, FilterOperator Operator, bool IsOpposite, object? Operand, bool HasNull = false) : StoreCondition;
