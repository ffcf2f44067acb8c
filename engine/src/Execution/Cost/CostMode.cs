namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What a request asks about its own cost: over HTTP by the header <c>GraphQL-Cost: report</c> or <c>validate</c>.</summary>
public enum CostMode
{
    /// <summary>The server decides whether answers tell their cost.</summary>
    None,

    /// <summary>The answer tells its cost in <c>extensions.operationCost</c>; so does each event of a subscription.</summary>
    Report,

    /// <summary>The answer tells the cost, and nothing is executed.</summary>
    Validate,
}
