using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>
/// Limits how often one field may be nested inside itself: a node's farm's nodes' farms have no end, and each round multiplies the response.
/// Introspection has its own limits, since its types are the most cyclic of all.
/// </summary>
/// <remarks>
/// Fragments do not form cycles, so a field of the document appears at most once on any path down. Only a field of the schema that the document
/// selects more often than allowed can exceed its limit. The longest path is found by visiting each fragment once for each of these.
/// </remarks>
internal sealed class CycleLimits(RuleContext context) : ValidationRule(context)
{
    /// <summary>As many stack frames as executing an operation may need.</summary>
    private const int NestingMax = 1_000;

    private readonly Dictionary<FieldDefinition, List<FieldNode>> uses = [];

    public override string Section => "sec-Validation";

    public override void Field(FieldNode field)
    {
        if (Context.Field is not { } definition || MaxOf(definition) is null)
            return;
        if (!uses.TryGetValue(definition, out List<FieldNode>? nodes))
            uses.Add(definition, nodes = []);
        nodes.Add(field);
    }

    public override void Complete()
    {
        foreach ((FieldDefinition definition, List<FieldNode> nodes) in uses)
        {
            (string limit, int max) = MaxOf(definition)!.Value;
            if (nodes.Count > max && LongestOf([.. nodes]) > max)
            {
                throw Context.Stop(
                    limit, $"{definition.DeclaringType.Name}.{definition.Name} is nested inside itself more than {max} times.", max,
                    [.. nodes.Take(max + 1)]);
            }
        }
    }

    private (string Limit, int Max)? MaxOf(FieldDefinition field) => field.DeclaringType switch
    {
        { Name: "__Type" } when field.Name == "ofType" => ("introspectionDepth", Context.Options.MaxIntrospectionOfTypeDepth),
        { Name: "__Type" } when field.Type.Nullable is ListType => ("introspectionDepth", Context.Options.MaxIntrospectionListDepth),
        { IsBuiltIn: true } or null => null,
        _ when field.Type.Named is ScalarType or EnumType => null,
        _ => Context.Options.MaxFieldCycleDepth is { } max ? ("fieldCycleDepth", max) : null,
    };

    private int LongestOf(HashSet<FieldNode> nodes)
    {
        var fragments = new Dictionary<string, int>(StringComparer.Ordinal);
        return Context.Document.Definitions.OfType<OperationDefinitionNode>().Select(
            operation => Longest(operation.SelectionSet, nodes, fragments)).DefaultIfEmpty().Max();
    }

    /// <summary>Each fragment is entered once. What nests deeper than any operation may is not visited: it is refused for that.</summary>
    private int Longest(SelectionSetNode set, HashSet<FieldNode> nodes, Dictionary<string, int> fragments, int nesting = 0)
    {
        if (nesting > NestingMax)
            return 0;
        int longest = 0;
        foreach (SelectionNode selection in set.Selections)
        {
            longest = Math.Max(longest, selection switch
            {
                FieldNode field => (nodes.Contains(field) ? 1 : 0) + (field.SelectionSet is { } below ? Longest(below, nodes, fragments, nesting + 1) : 0),
                InlineFragmentNode inline => Longest(inline.SelectionSet, nodes, fragments, nesting + 1),
                FragmentSpreadNode spread => LongestOf(spread.Name, nodes, fragments, nesting + 1),
                _ => 0,
            });
        }
        return longest;
    }

    private int LongestOf(string fragment, HashSet<FieldNode> nodes, Dictionary<string, int> fragments, int nesting)
    {
        if (fragments.TryGetValue(fragment, out int known))
            return known;
        fragments[fragment] = 0; // Another rule reports cycles.
        return fragments[fragment] = Context.Fragments.TryGetValue(fragment, out FragmentDefinitionNode? definition)
            ? Longest(definition.SelectionSet, nodes, fragments, nesting)
            : 0;
    }
}
