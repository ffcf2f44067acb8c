using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#CollectFields()"/> for cost analysis: it counts the selections it visits, and treats deferred
/// fragments as part of their object, since their fields cost the same later.
/// </summary>
internal sealed class CostCollector(
    Schema schema, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, IReadOnlyDictionary<string, bool> conditions, ObjectType type)
{
    private readonly HashSet<string> visitedFragments = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FieldNode>> byResponseName = new(StringComparer.Ordinal);

    public List<List<FieldNode>> Groups { get; } = [];

    public int VisitedCount { get; private set; }

    public void Collect(SelectionSetNode set)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            VisitedCount++;
            if (!IsIncluded(selection.Directives))
                continue;
            switch (selection)
            {
                case FieldNode field when byResponseName.TryGetValue(field.ResponseName, out List<FieldNode>? group):
                    group.Add(field);
                    break;
                case FieldNode field:
                    Groups.Add(byResponseName[field.ResponseName] = [field]);
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

    private bool Applies(NamedTypeNode condition) =>
        condition.Name == type.Name || (schema.FindType(condition.Name) is { } abstractType && schema.IsPossibleType(abstractType, type));

    private bool IsIncluded(IReadOnlyList<DirectiveNode> directives)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name is not ("skip" or "include") || directive.Arguments is not [{ Value: var condition }])
                continue;
            bool holds = condition is VariableNode variable ? conditions[variable.Name] : condition is BooleanValueNode { Value: true };
            if (holds != (directive.Name == "include"))
                return false;
        }
        return true;
    }
}
