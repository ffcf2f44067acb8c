using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation.Merging;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#sec-Field-Selection-Merging"/>: fields with the same response name are the same field, or can
/// never meet and have the same shape.
/// </summary>
/// <remarks>
/// The specification compares all pairs of fields. Having the same shape, and being the same field with the same arguments, are equivalence
/// relations, so comparing each field of a group with its first gives the same result in linear time. Groups are compared once for shapes, and once
/// within the parents that can meet. What remains below a group are the merged selection sets of its fields; each combination of sets is compared
/// once.
/// </remarks>
internal sealed class FieldSelectionMerging(RuleContext context) : ValidationRule(context)
{
    private readonly FieldCollector collector = new(context);
    private readonly HashSet<MergedSelections> seen = [];
    private readonly Stack<MergedSelections> open = new();
    private int comparisons;

    public override string Section => "sec-Field-Selection-Merging";

    /// <summary>
    /// The selections of a fragment are compared where the fragment is spread, so only fragments that no operation reaches are started separately:
    /// comparing each one separately would make a chain of fragments cost the square of its length.
    /// </summary>
    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
            CheckFrom(operation.SelectionSet, Context.Schema.RootType(operation.Operation));
        foreach (FragmentDefinitionNode fragment in Context.Document.Definitions.OfType<FragmentDefinitionNode>())
        {
            if (!collector.HasGrouped(fragment))
                CheckFrom(fragment.SelectionSet, Context.FindComposite(fragment.TypeCondition));
        }
    }

    private void CheckFrom(SelectionSetNode set, NamedType? parent)
    {
        SelectedFields[] root = [collector.Of(set, parent)];
        Enqueue(new MergedSelections(root, Pass.SameFields, path: null));
        Enqueue(new MergedSelections(root, Pass.Shapes, path: null));
        while (open.TryPop(out MergedSelections? next))
            Check(next);
    }

    private void Enqueue(MergedSelections selections)
    {
        if (seen.Add(selections))
            open.Push(selections);
    }

    private void Check(MergedSelections selections)
    {
        foreach ((string name, List<SelectedField> group) in collector.Group(selections, Spend))
        {
            if (selections.Pass == Pass.Shapes)
                CheckShapes(group, selections.Path, name);
            else
                CheckSameFields(group, selections.Path, name);
        }
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#SameResponseShape()"/></summary>
    private void CheckShapes(List<SelectedField> group, MergePath? path, string name)
    {
        SelectedField? first = group.Find(field => field.Definition is not null);
        foreach (SelectedField field in group)
        {
            if (first is null || field.Definition is null || ResponseShape.IsSame(first.Definition!.Type, field.Definition.Type))
                continue;
            ReportConflict(path, name, first, field, $"they return conflicting types \"{first.Definition.Type}\" and \"{field.Definition.Type}\"");
            return;
        }
        if (group.Count > 1 && group.Find(field => IncrementalDeliveryRule.StreamOf(field.Node.Directives) is not null) is { } streamed)
            ReportConflict(path, name, group.Find(field => field != streamed)!, streamed, "one of them is streamed");
        else
            Descend(group, Pass.Shapes, path, name);
    }

    /// <summary>Fields of different objects never meet; those of interfaces and unions may meet any other.</summary>
    private void CheckSameFields(List<SelectedField> group, MergePath? path, string name)
    {
        ILookup<ObjectType, SelectedField> byObject = group.Where(field => field.Parent is ObjectType).ToLookup(field => (ObjectType)field.Parent!);
        if (byObject.Count <= 1)
        {
            CheckMeeting(group, path, name);
            return;
        }
        SelectedField[] everywhere = [.. group.Where(field => field.Parent is not ObjectType)];
        foreach (IGrouping<ObjectType, SelectedField> meeting in byObject)
        {
            Spend(everywhere.Length + 1);
            CheckMeeting([.. meeting, .. everywhere], path, name);
        }
    }

    private void CheckMeeting(List<SelectedField> group, MergePath? path, string name)
    {
        SelectedField first = group[0];
        foreach (SelectedField field in group)
        {
            if (field.Node.Name != first.Node.Name)
                ReportConflict(path, name, first, field, $"\"{first.Node.Name}\" and \"{field.Node.Name}\" are different fields");
            else if (field.Arguments != first.Arguments)
                ReportConflict(path, name, first, field, "they have differing arguments");
            else
                continue;
            return;
        }
        Descend(group, Pass.SameFields, path, name);
    }

    private void Descend(List<SelectedField> group, Pass pass, MergePath? path, string name)
    {
        SelectedFields[] below = [.. group.Where(field => field.Node.SelectionSet is not null)
            .Select(field => collector.Of(field.Node.SelectionSet!, RuleContext.AsComposite(field.Definition?.Type.Named)))];
        if (below.Length > 0)
            Enqueue(new MergedSelections(below, pass, new MergePath(path, name)));
    }

    private void ReportConflict(MergePath? path, string name, SelectedField first, SelectedField second, string reason) => Report(
        $"Fields \"{new MergePath(path, name)}\" conflict because {reason}. Use different aliases on the fields to fetch both if this was intentional.",
        first.Node, second.Node);

    private void Spend(int fields)
    {
        comparisons += fields;
        if (comparisons > Context.Options.MaxFieldComparisons)
            throw Context.Stop(
                "maxFieldComparisons", "The document's fields overlap in too many ways to be compared; validation stopped.",
                Context.Options.MaxFieldComparisons);
    }
}
