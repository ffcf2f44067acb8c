namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What several requests have spent together: those of one batch share one, so that a batch is allowed no more than one request is.</summary>
public sealed class CostBudget
{
    private readonly Lock gate = new();
    private OperationCost spent;

    /// <summary>The cost of all requests that were admitted.</summary>
    public OperationCost Spent
    {
        get
        {
            lock (gate)
                return spent;
        }
    }

    /// <summary>Admits a request when its cost and all that was spent stay within the limits; one that is refused spends nothing.</summary>
    /// <param name="cost">Of the request.</param>
    /// <param name="limits">Of the request.</param>
    /// <param name="total">What the budget would have spent with it.</param>
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
