namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The maximum cost of one request or one batch.</summary>
public readonly record struct CostLimits(double MaxFieldCost, double MaxTypeCost)
{
    public bool Allow(OperationCost cost) => cost.FieldCost <= MaxFieldCost && cost.TypeCost <= MaxTypeCost;
}

/// <summary>Lets the host set limits by caller; a service. Without one, <see cref="CostOptions"/> applies to everyone.</summary>
public interface ICostLimits
{
    /// <summary>Called once for each executed request, so it must be fast.</summary>
    CostLimits For(GraphQLRequest request);
}
