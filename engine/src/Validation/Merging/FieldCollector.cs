using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Merging;

/// <summary>Finds the fields of selection sets, each set's own only once, and groups those of several sets by response name.</summary>
internal sealed class FieldCollector(RuleContext context)
{
    private readonly Dictionary<SelectionSetNode, SelectedFields> bySet = [];
    private readonly HashSet<FragmentDefinitionNode> grouped = [];

    /// <summary>Whether the fragment has been spread into a group.</summary>
    public bool HasGrouped(FragmentDefinitionNode fragment) => grouped.Contains(fragment);

    /// <summary>What a selection set itself selects. A set appears in one place, so it has one parent type.</summary>
    public SelectedFields Of(SelectionSetNode set, NamedType? parent)
    {
        if (bySet.TryGetValue(set, out SelectedFields? known))
            return known;
        var fields = new SelectedFields(bySet.Count);
        bySet.Add(set, fields);
        Collect(set, parent, fields);
        return fields;
    }

    /// <summary>The fields of all the sets and of the fragments they spread, by response name.</summary>
    /// <param name="spend">Called with the number of fields visited, as they are.</param>
    public Dictionary<string, List<SelectedField>> Group(MergedSelections selections, Action<int> spend)
    {
        var groups = new Dictionary<string, List<SelectedField>>(StringComparer.Ordinal);
        var seenFragments = new HashSet<string>(StringComparer.Ordinal);
        var seenSets = new HashSet<SelectedFields>();
        var open = new Stack<SelectedFields>(selections.Sets.Reverse());
        while (open.TryPop(out SelectedFields? set))
        {
            if (!seenSets.Add(set))
                continue;
            spend(set.Fields.Count + 1);
            foreach (SelectedField field in set.Fields)
            {
                if (!groups.TryGetValue(field.Node.ResponseName, out List<SelectedField>? group))
                    groups.Add(field.Node.ResponseName, group = []);
                group.Add(field);
            }
            foreach (string spread in set.Spreads)
            {
                if (!seenFragments.Add(spread) || !context.Fragments.TryGetValue(spread, out FragmentDefinitionNode? fragment))
                    continue;
                grouped.Add(fragment);
                open.Push(Of(fragment.SelectionSet, context.FindComposite(fragment.TypeCondition)));
            }
        }
        return groups;
    }

    private void Collect(SelectionSetNode set, NamedType? parent, SelectedFields into)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (SelectionNode selection in set.Selections)
        {
            switch (selection)
            {
                case FieldNode field:
                    into.Fields.Add(new SelectedField(field, parent, parent is null ? null : context.Schema.FindField(parent, field.Name)));
                    break;
                case FragmentSpreadNode spread:
                    into.Spreads.Add(spread.Name);
                    break;
                case InlineFragmentNode inline:
                    Collect(inline.SelectionSet, inline.TypeCondition is null ? parent : context.FindComposite(inline.TypeCondition), into);
                    break;
            }
        }
    }
}
