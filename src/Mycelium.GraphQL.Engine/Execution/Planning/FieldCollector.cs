using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#CollectFields()"/>: the fields of some selection sets for one object type, by response name and in
/// the order of their first appearance.
/// </summary>
internal sealed class FieldCollector(
    Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, IReadOnlyDictionary<string, bool> conditions, ObjectType type)
{
    private readonly HashSet<string> visitedFragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FieldNode>> byResponseName = new(StringComparer.Ordinal);
    private readonly List<List<FieldNode>> groups = [];

    public IReadOnlyList<List<FieldNode>> Groups => groups;

    public void Collect(SelectionSetNode set)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            if (!IsIncluded(selection.Directives))
                continue;
            switch (selection)
            {
                case FieldNode field:
                    Add(field);
                    break;
                case FragmentSpreadNode spread when visitedFragments.Add(spread.Name):
                    FragmentDefinitionNode fragment = fragments[spread.Name];
                    if (Applies(fragment.TypeCondition))
                        Collect(fragment.SelectionSet);
                    break;
                case InlineFragmentNode inline when inline.TypeCondition is null || Applies(inline.TypeCondition):
                    Collect(inline.SelectionSet);
                    break;
            }
        }
    }

    private void Add(FieldNode field)
    {
        if (!byResponseName.TryGetValue(field.ResponseName, out List<FieldNode>? group))
        {
            group = [];
            byResponseName.Add(field.ResponseName, group);
            groups.Add(group);
        }
        group.Add(field);
    }

    private bool Applies(NamedTypeNode condition) =>
        condition.Name == type.Name || (schema.FindType(condition.Name) is { } abstractType && schema.IsPossibleType(abstractType, type));

    private bool IsIncluded(IReadOnlyList<DirectiveNode> directives)
    {
        bool isIncluded = true;
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Arguments is [{ Value: var condition }])
                isIncluded &= (condition is VariableNode variable ? conditions[variable.Name] : condition is BooleanValueNode { Value: true }) == (directive.Name == "include");
        }
        return isIncluded;
    }
}
