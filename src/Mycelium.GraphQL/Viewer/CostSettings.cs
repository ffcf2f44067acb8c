namespace Mycelium.GraphQL;

/// <summary>What answers say of their cost: section <c>Cost</c>.</summary>
public sealed class CostSettings
{
    public const string Section = "Cost";

    /// <summary>Every answer tells its cost in <c>extensions.operationCost</c>, so that a developer sees how far the limit is. Some 60 bytes an answer.</summary>
    public bool Report { get; set; } = true;
}
