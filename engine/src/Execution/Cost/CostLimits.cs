namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What one request, or one batch, may cost.</summary>
public readonly record struct CostLimits(double MaxFieldCost, double MaxTypeCost)
{
    public bool Allow(OperationCost cost) => cost.FieldCost <= MaxFieldCost && cost.TypeCost <= MaxTypeCost;
}

/// <summary>Lets the host set limits by who is asking; a service. Without one, <see cref="CostOptions"/> holds for all.</summary>
public interface ICostLimits
{
    /// <summary>Called once for each request that is executed; quick.</summary>
    CostLimits For(GraphQLRequest request);
}
