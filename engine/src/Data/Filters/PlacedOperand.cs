using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Comparisons with an operand that may be none of the values it is compared with (<see cref="InexactOperand"/>), as comparisons with one that is: nothing is equal to
/// what lies between two values, and of all values it is known on which side of it they are.
/// </summary>
internal static class PlacedOperand
{
    /// <param name="compared">How a value is compared with the operand.</param>
    /// <param name="operand">A value, null, or what lies between two values.</param>
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

    /// <summary>One of the operands; those that no value is equal to are not looked for.</summary>
    public static Compare In(IEnumerable<object?> operands, Type type) =>
        new(FilterOperator.In, InOperand.Of(type, [.. operands.Where(operand => operand is not InexactOperand)]));

    public static FilterNode Opposite(FilterNode compare) => compare is Not opposite ? opposite.Condition : new Not(compare);
}
