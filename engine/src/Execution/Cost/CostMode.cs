namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What a request wants to know about its own cost: over HTTP by the header <c>GraphQL-Cost: report</c> or <c>validate</c>.</summary>
public enum CostMode
{
    /// <summary>The server decides whether responses show their cost.</summary>
    None,

    /// <summary>The response shows its cost in <c>extensions.operationCost</c>; so does each event of a subscription.</summary>
    Report,

    /// <summary>The response shows the cost, and nothing is executed.</summary>
    Validate,
}
