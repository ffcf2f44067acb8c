using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>Which fragments and variables each operation and fragment uses. The traversal fills it in; rules read it once it is complete.</summary>
internal sealed class DocumentUsages(RuleContext context)
{
    private readonly Dictionary<ExecutableDefinitionNode, DefinitionUsages> byDefinition = [];
    private readonly Dictionary<OperationDefinitionNode, IReadOnlyList<DefinitionUsages>> byOperation = [];
    private int fragmentVisits;

    public DefinitionUsages Of(ExecutableDefinitionNode definition)
    {
        if (!byDefinition.TryGetValue(definition, out DefinitionUsages? usages))
            byDefinition.Add(definition, usages = new DefinitionUsages());
        return usages;
    }

    /// <summary>The usages of an operation and of all fragments that it reaches, each once.</summary>
    public IReadOnlyList<DefinitionUsages> Reachable(OperationDefinitionNode operation)
    {
        if (byOperation.TryGetValue(operation, out IReadOnlyList<DefinitionUsages>? known))
            return known;
        var reached = new List<DefinitionUsages> { Of(operation) };
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int index = 0; index < reached.Count; index++)
        {
            foreach (FragmentSpreadNode spread in reached[index].Spreads)
            {
                if (!seen.Add(spread.Name) || !context.Fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment))
                    continue;
                if (++fragmentVisits > context.Options.MaxFragmentVisits)
                    throw context.Stop(
                        "maxFragmentVisits", "The document's operations spread too many fragments; validation stopped.",
                        context.Options.MaxFragmentVisits);
                reached.Add(Of(fragment));
            }
        }
        byOperation.Add(operation, reached);
        return reached;
    }
}

/// <summary>What one operation or fragment uses itself, not through spreads.</summary>
internal sealed class DefinitionUsages
{
    private readonly HashSet<(string, GraphQLType?, bool, InputObjectType?)> known = [];
    private readonly HashSet<string> spreadNames = new(StringComparer.Ordinal);

    /// <summary>The first spread of each fragment.</summary>
    public List<FragmentSpreadNode> Spreads { get; } = [];

    /// <summary>Variables, each once for every kind of place that it is used in.</summary>
    public List<VariableUsage> Variables { get; } = [];

    public void Add(FragmentSpreadNode spread)
    {
        if (spreadNames.Add(spread.Name))
            Spreads.Add(spread);
    }

    public void Add(VariableUsage usage)
    {
        if (known.Add((usage.Variable.Name, usage.Type, usage.HasDefault, usage.OneOf)))
            Variables.Add(usage);
    }
}

/// <param name="Variable">Where the variable is used.</param>
/// <param name="Type">The type that its place expects; null if unknown.</param>
/// <param name="HasDefault">Whether the argument or input field has a default.</param>
/// <param name="OneOf">The OneOf input object that the variable is a field of.</param>
internal readonly record struct VariableUsage(VariableNode Variable, GraphQLType? Type, bool HasDefault, InputObjectType? OneOf);
