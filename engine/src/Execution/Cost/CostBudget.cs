namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What several requests have spent together. Those of one batch share a budget, so that a batch may not cost more than a single request.
/// </summary>
public sealed class CostBudget
{
    private readonly Lock gate = new();
    private OperationCost spent;

    /// <summary>The total cost of all admitted requests.</summary>
    public OperationCost Spent
    {
        get
        {
            lock (gate)
                return spent;
        }
    }

    /// <summary>Admits a request when its cost and everything spent so far stay within the limits; a refused request spends nothing.</summary>
    /// <param name="cost">Of the request.</param>
    /// <param name="limits">Of the request.</param>
    /// <param name="total">What would be spent with it.</param>
    public bool TrySpend(OperationCost cost, CostLimits limits, out OperationCost total)
    {
        lock (gate)
        {
            total = spent + cost;
            if (!limits.Allow(total))
                return false;
            spent = total;
            return true;
        }
    }
}
