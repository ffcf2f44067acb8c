namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The maximum cost of an operation by the weights of its schema: <see href="https://ibm.github.io/graphql-specs/cost-spec.html"/>.
/// </summary>
/// <param name="FieldCost">The work: the weights of all fields that may be resolved, with their arguments.</param>
/// <param name="TypeCost">The data: the weights of all objects that may be returned, including the root.</param>
public readonly record struct OperationCost(double FieldCost, double TypeCost)
{
    public static OperationCost operator +(OperationCost left, OperationCost right) => new(left.FieldCost + right.FieldCost, left.TypeCost + right.TypeCost);

    public static OperationCost operator *(double times, OperationCost cost) => new(times * cost.FieldCost, times * cost.TypeCost);

    /// <summary>The greater of each.</summary>
    public static OperationCost Max(OperationCost left, OperationCost right) =>
        new(Math.Max(left.FieldCost, right.FieldCost), Math.Max(left.TypeCost, right.TypeCost));
}
