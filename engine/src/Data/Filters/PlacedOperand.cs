using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Rewrites comparisons with an operand that may not be a value of the compared type (<see cref="InexactOperand"/>) to comparisons with one that is.
/// No value equals an operand that lies between two values, and every value is known to be above or below it.
/// </summary>
internal static class PlacedOperand
{
    /// <param name="compared">How a value is compared with the operand.</param>
    /// <param name="operand">A value, null, or a place between two values.</param>
    /// <param name="type">Of the values.</param>
    public static FilterNode Compare(FilterOperator compared, object? operand, Type type) => operand is not InexactOperand { Floor: var floor }
        ? new Compare(compared, operand)
        : compared switch
        {
            FilterOperator.Greater or FilterOperator.GreaterOrEqual when floor is null => new Not(new Compare(FilterOperator.Equal, null)),
            FilterOperator.Greater or FilterOperator.GreaterOrEqual => new Compare(FilterOperator.Greater, floor),
            FilterOperator.Less or FilterOperator.LessOrEqual when floor is not null => new Compare(FilterOperator.LessOrEqual, floor),
            _ => In([], type),
        };

    /// <summary>Equal to one of the operands; inexact operands are dropped since no value equals them.</summary>
    public static Compare In(IEnumerable<object?> operands, Type type) =>
        new(FilterOperator.In, InOperand.Of(type, [.. operands.Where(operand => operand is not InexactOperand)]));

    public static FilterNode Opposite(FilterNode compare) => compare is Not opposite ? opposite.Condition : new Not(compare);
}
