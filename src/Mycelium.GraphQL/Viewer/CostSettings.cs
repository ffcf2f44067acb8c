namespace Mycelium.GraphQL;

/// <summary>What responses report about their cost: section <c>Cost</c>.</summary>
public sealed class CostSettings
{
    public const string Section = "Cost";

    /// <summary>
    /// Whether every response reports its cost in <c>extensions.operationCost</c>, so that developers see how close they are to the limit.
    /// It takes about 60 bytes.
    /// </summary>
    public bool Report { get; set; } = true;
}
