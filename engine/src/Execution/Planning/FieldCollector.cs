using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#CollectFields()"/>: the fields of some selection sets for one object type, by response name and
/// in order of first appearance, with their enclosing <c>@defer</c>.
/// </summary>
internal sealed class FieldCollector(
    Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, PlanConditions conditions, ObjectType type)
{
    private readonly HashSet<(string Fragment, DirectiveNode? Defer)> visitedFragments = [];
    private readonly Dictionary<string, CollectedField> byResponseName = new(StringComparer.Ordinal);
    private readonly List<CollectedField> fields = [];
    private readonly List<DeferUsage> usages = [];

    public IReadOnlyList<CollectedField> Fields => fields;

    /// <summary>The usages that start at this object.</summary>
    public IReadOnlyList<DeferUsage> Usages => usages;

    /// <param name="under">The <c>@defer</c> that encloses the set.</param>
    public void Collect(SelectionSetNode set, DeferUsage? under)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            if (!conditions.IsIncluded(selection.Directives))
                continue;
            switch (selection)
            {
                case FieldNode field:
                    Add(field, under);
                    break;
                case FragmentSpreadNode spread:
                    Collect(spread, fragments[spread.Name], under);
                    break;
                case InlineFragmentNode inline when inline.TypeCondition is null || Applies(inline.TypeCondition):
                    DeferUsage? usage = UsageOf(inline.Directives, under);
                    if (usage is not null)
                        usages.Add(usage);
                    Collect(inline.SelectionSet, usage ?? under);
                    break;
            }
        }
    }

    /// <summary>
    /// A fragment that was already visited outside of a <c>@defer</c> is not visited again; one that was visited inside is, but not under the same
    /// directive.
    /// </summary>
    private void Collect(FragmentSpreadNode spread, FragmentDefinitionNode fragment, DeferUsage? under)
    {
        if (!Applies(fragment.TypeCondition))
            return;
        DeferUsage? usage = UsageOf(spread.Directives, under);
        if (visitedFragments.Contains((spread.Name, null)) || !visitedFragments.Add((spread.Name, (usage ?? under)?.Directive)))
            return;
        if (usage is not null)
            usages.Add(usage);
        Collect(fragment.SelectionSet, usage ?? under);
    }

    private DeferUsage? UsageOf(IReadOnlyList<DirectiveNode> directives, DeferUsage? under) =>
        conditions.DeferOf(directives) is { } directive ? new DeferUsage(directive, under) : null;

    private void Add(FieldNode node, DeferUsage? under)
    {
        if (!byResponseName.TryGetValue(node.ResponseName, out CollectedField? field))
        {
            field = new CollectedField();
            byResponseName.Add(node.ResponseName, field);
            fields.Add(field);
        }
        field.Add(node, under);
    }

    private bool Applies(NamedTypeNode condition) =>
        condition.Name == type.Name || (schema.FindType(condition.Name) is { } abstractType && schema.IsPossibleType(abstractType, type));
}
