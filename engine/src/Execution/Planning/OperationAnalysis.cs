using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What is known about an operation without its variables: the fragments it reaches, the variables that decide <c>@skip</c> and <c>@include</c>,
/// whether parts of it may be delivered later, and that its depth is bounded, so that later steps may visit it recursively.
/// </summary>
internal sealed class OperationAnalysis
{
    /// <summary>
    /// Fragments that spread each other add stack frames without adding fields. The limit is more than any document needs, and less than any stack
    /// has.
    /// </summary>
    private const int NestingMax = 1_000;

    private readonly Dictionary<string, int> fragmentHeights = new(StringComparer.Ordinal);
    private readonly SortedSet<string> conditionVariables = new(StringComparer.Ordinal);
    private readonly SortedSet<string> incrementalVariables = new(StringComparer.Ordinal);
    private readonly int fieldDepthMax;

    /// <exception cref="GraphQLException">The operation is nested too deeply.</exception>
    public OperationAnalysis(DocumentNode document, OperationDefinitionNode operation, int fieldDepthMax)
    {
        this.fieldDepthMax = fieldDepthMax;
        foreach (FragmentDefinitionNode fragment in document.Definitions.OfType<FragmentDefinitionNode>())
            Fragments.TryAdd(fragment.Name, fragment);
        if (Height(operation.SelectionSet, 0) > fieldDepthMax)
            throw TooDeep();
        ConditionVariables = [.. conditionVariables];
        IncrementalVariables = [.. incrementalVariables.Except(conditionVariables)];
    }

    public Dictionary<string, FragmentDefinitionNode> Fragments { get; } = new(StringComparer.Ordinal);
    public string[] ConditionVariables { get; }

    /// <summary>Whether there is a <c>@defer</c> or <c>@stream</c>.</summary>
    public bool MayBeIncremental { get; private set; }

    /// <summary>The other variables that decide these.</summary>
    public string[] IncrementalVariables { get; }

    /// <summary>The maximum depth of fields in the selection set.</summary>
    private int Height(SelectionSetNode set, int nesting)
    {
        if (nesting > NestingMax)
            throw TooDeep();
        int height = 0;
        foreach (SelectionNode selection in set.Selections)
        {
            NoteConditions(selection.Directives);
            height = Math.Max(height, selection switch
            {
                FieldNode field => 1 + (field.SelectionSet is null ? 0 : Height(field.SelectionSet, nesting + 1)),
                InlineFragmentNode inline => Height(inline.SelectionSet, nesting + 1),
                FragmentSpreadNode spread => FragmentHeight(spread.Name, nesting + 1),
                _ => 0,
            });
        }
        return height;
    }

    private int FragmentHeight(string name, int nesting)
    {
        if (fragmentHeights.TryGetValue(name, out int height))
            return height;
        height = Fragments.TryGetValue(name, out FragmentDefinitionNode? fragment) ? Height(fragment.SelectionSet, nesting) : 0;
        fragmentHeights[name] = height;
        return height;
    }

    private void NoteConditions(IReadOnlyList<DirectiveNode> directives)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Arguments is [{ Value: VariableNode variable }])
                conditionVariables.Add(variable.Name);
            if (directive.Name is not (IncrementalDirectives.Defer or IncrementalDirectives.Stream))
                continue;
            MayBeIncremental = true;
            if (IncrementalArguments.Condition(directive) is VariableNode condition)
                incrementalVariables.Add(condition.Name);
        }
    }

    private GraphQLException TooDeep() =>
        new(GraphQLError.OverLimit($"The operation is nested deeper than {fieldDepthMax} fields.", "fieldDepth", fieldDepthMax));
}
