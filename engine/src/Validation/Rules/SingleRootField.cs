using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#sec-Single-Root-Field"/>: a subscription selects one field, no introspection, and does not use
/// <c>@skip</c> or <c>@include</c> at its root, including fragments.
/// </summary>
internal sealed class SingleRootField(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Single-Root-Field";

    public override void Complete()
    {
        if (Context.Schema.SubscriptionType is not { } root)
            return;
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (operation.Operation == OperationType.Subscription)
                Check(operation, root);
        }
    }

    private void Check(OperationDefinitionNode operation, ObjectType root)
    {
        string subject = operation.Name is null ? "An anonymous subscription" : $"Subscription \"{operation.Name}\"";
        var fields = new List<FieldNode>();
        var conditions = new List<DirectiveNode>();
        Collect(operation.SelectionSet, root, fields, conditions);
        if (conditions.Count > 0)
        {
            Report($"{subject} must not use @skip or @include at its root.", conditions);
            return;
        }

        FieldNode[] others = [.. fields.Where(field => field.ResponseName != fields[0].ResponseName)];
        if (fields.Count == 0)
            Report($"{subject} must select one root field.", operation.SelectionSet);
        if (others.Length > 0)
            Report($"{subject} must select only one root field.", others);
        if (fields.Find(field => field.Name.StartsWith("__", StringComparison.Ordinal)) is { } introspection)
            Report($"{subject} must not select \"{introspection.Name}\" at its root.", introspection);
    }

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#CollectSubscriptionFields()"/>, with its own stack for chains of fragments.
    /// </summary>
    private void Collect(SelectionSetNode set, ObjectType root, List<FieldNode> fields, List<DirectiveNode> conditions)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<SelectionSetNode>([set]);
        while (open.TryPop(out SelectionSetNode? next))
        {
            foreach (SelectionNode selection in next.Selections)
            {
                conditions.AddRange(selection.Directives.Where(directive => directive.Name is "skip" or "include"));
                if (selection is FieldNode field)
                    fields.Add(field);
                else if (selection is InlineFragmentNode inline && Applies(inline.TypeCondition, root))
                    open.Push(inline.SelectionSet);
                else if (selection is FragmentSpreadNode spread && seen.Add(spread.Name)
                    && Context.Fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment) && Applies(fragment.TypeCondition, root))
                    open.Push(fragment.SelectionSet);
            }
        }
    }

    private bool Applies(NamedTypeNode? condition, ObjectType root) =>
        condition is null || (Context.FindComposite(condition) is { } type && Context.Schema.IsPossibleType(type, root));
}
