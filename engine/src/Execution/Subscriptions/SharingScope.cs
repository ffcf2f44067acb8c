using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What the responses of a subscription operation depend on apart from the event: computed once for each operation, from its document.
/// </summary>
internal sealed class SharingScope
{
    private readonly Schema schema;
    private readonly IReadOnlyDictionary<string, FragmentDefinitionNode> fragments;
    private readonly HashSet<(NamedType, string)> seen = [];
    private readonly SortedSet<string> variables = new(StringComparer.Ordinal);

    /// <param name="schema">The schema.</param>
    /// <param name="operation">A valid one, of bounded depth.</param>
    /// <param name="fragments">Those of its document.</param>
    /// <param name="startArgument">The root field's argument that the responses do not depend on.</param>
    public SharingScope(Schema schema, OperationDefinitionNode operation, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments, string? startArgument)
    {
        this.schema = schema;
        this.fragments = fragments;
        Walk(operation.SelectionSet, schema.RootType(OperationType.Subscription)!, startArgument);
        Variables = [.. variables];
    }

    /// <summary>
    /// Whether some field may show different viewers different values: all may that are not known to be <see cref="SameForEveryone"/>.
    /// </summary>
    public bool ReadsViewer { get; private set; }

    /// <summary>The variables that matter, in order.</summary>
    public IReadOnlyList<string> Variables { get; }

    private void Walk(SelectionSetNode set, NamedType parent, string? ignoredArgument = null)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            foreach (DirectiveNode directive in selection.Directives)
                Note(directive.Arguments, ignored: null);
            switch (selection)
            {
                case FieldNode field:
                    Walk(field, parent, ignoredArgument);
                    break;
                case InlineFragmentNode inline:
                    Walk(inline.SelectionSet, TypeNamed(inline.TypeCondition?.Name) ?? parent, ignoredArgument);
                    break;
                case FragmentSpreadNode spread when seen.Add((parent, spread.Name)) && fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment):
                    Walk(fragment.SelectionSet, TypeNamed(fragment.TypeCondition.Name) ?? parent, ignoredArgument);
                    break;
            }
        }
    }

    private void Walk(FieldNode node, NamedType parent, string? ignoredArgument)
    {
        Note(node.Arguments, ignoredArgument);
        foreach (ObjectType type in schema.PossibleTypes(parent))
        {
            if (type.Fields.Find(node.Name) is { Resolver: not null } field)
                ReadsViewer |= field.Feature<SameForEveryone>() is null;
        }
        if (node.SelectionSet is not null && schema.FindField(parent, node.Name) is { } selected)
            Walk(node.SelectionSet, selected.Type.Named);
    }

    private void Note(IReadOnlyList<ArgumentNode> arguments, string? ignored)
    {
        foreach (ArgumentNode argument in arguments)
        {
            if (argument.Name != ignored)
                VariableUse.AddTo(variables, argument.Value);
        }
    }

    private NamedType? TypeNamed(string? name) => name is null ? null : schema.FindType(name);
}

/// <summary>Marks a field whose resolver cannot see the caller: a feature of <see cref="FieldDefinition"/>.</summary>
internal sealed class SameForEveryone
{
    public static SameForEveryone Mark { get; } = new();
}
