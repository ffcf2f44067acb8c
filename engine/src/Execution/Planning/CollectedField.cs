using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>All places of the document that select one field of an object, each with its enclosing <c>@defer</c>.</summary>
internal sealed class CollectedField
{
    private readonly List<FieldNode> nodes = [];
    private readonly List<DeferUsage?> usages = [];

    public IReadOnlyList<FieldNode> Nodes => nodes;

    public void Add(FieldNode node, DeferUsage? usage)
    {
        nodes.Add(node);
        usages.Add(usage);
    }

    /// <summary>Null when no place is deferred, as in nearly all operations.</summary>
    public DeferUsage?[]? Usages => usages.TrueForAll(usage => usage is null) ? null : [.. usages];

    /// <summary>
    /// The usages that deliver the field: none when one place is not deferred, and none that is inside another that also selects the field.
    /// </summary>
    public DeferUsage[] Delivering
    {
        get
        {
            if (usages.Contains(null))
                return [];
            HashSet<DeferUsage> asking = [.. usages.OfType<DeferUsage>()];
            return [.. asking.Where(usage => !HasAncestorIn(usage, asking))];
        }
    }

    private static bool HasAncestorIn(DeferUsage usage, HashSet<DeferUsage> asking)
    {
        for (DeferUsage? above = usage.Parent; above is not null; above = above.Parent)
        {
            if (asking.Contains(above))
                return true;
        }
        return false;
    }
}
