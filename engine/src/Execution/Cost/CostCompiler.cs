using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Computes the cost of an operation: of the fields that <see href="https://spec.graphql.org/September2025/#CollectFields()"/> would collect for each
/// possible type. Each distinct selection is computed once, however often its fragments are spread.
/// </summary>
internal sealed class CostCompiler(
    Schema schema, CostWeights weights, CostOptions options, OperationDefinitionNode operation, IReadOnlyDictionary<string, FragmentDefinitionNode> fragments,
    IReadOnlyDictionary<string, bool> conditions)
{
    private readonly Dictionary<FieldKey, FieldCost> fields = [];
    private readonly InputCost inputs = new(weights);
    private int varyingCount;
    private int visitedCount;

    /// <exception cref="GraphQLException">The operation has too many distinct selections.</exception>
    public CostPlan Compile(ObjectType root)
    {
        SelectionCost selection = Weigh(root, [operation.SelectionSet], inherited: null, sized: []);
        return new CostPlan(selection, varyingCount);
    }

    private SelectionCost Weigh(ObjectType type, IEnumerable<SelectionSetNode> sets, ListLength? inherited, string[] sized)
    {
        var constant = new OperationCost(0, weights.Of(type));
        var varying = new List<FieldCost>();
        foreach (List<FieldNode> group in Collect(type, sets))
        {
            FieldCost field = Weigh(type, [.. group], sized.Contains(group[0].Name) ? inherited : null);
            if (field.Index < 0)
                constant += field.Constant;
            else
                varying.Add(field);
        }
        return new SelectionCost(constant, [.. varying]);
    }

    private List<List<FieldNode>> Collect(ObjectType type, IEnumerable<SelectionSetNode> sets)
    {
        var collector = new CostCollector(schema, fragments, conditions, type);
        foreach (SelectionSetNode set in sets)
            collector.Collect(set);
        visitedCount += collector.VisitedCount;
        return visitedCount <= options.MaxWeighedSelections
            ? collector.Groups
            : throw new GraphQLException(
                GraphQLError.OverLimit("The operation combines its fragments in too many ways.", "weighedSelections", options.MaxWeighedSelections));
    }

    private FieldCost Weigh(ObjectType parent, FieldNode[] nodes, ListLength? inherited)
    {
        var key = new FieldKey(parent, nodes, inherited);
        if (fields.TryGetValue(key, out FieldCost? known))
            return known;
        FieldDefinition field = schema.FindField(parent, nodes[0].Name)
            ?? throw new InvalidOperationException($"A validated operation selects {parent.Name}.{nodes[0].Name}, which does not exist.");
        FieldCost made = Make(field, nodes, inherited).Settled();
        fields.Add(key, made);
        return made;
    }

    private FieldCost Make(FieldDefinition field, FieldNode[] nodes, ListLength? inherited)
    {
        FieldWeight weight = weights.Of(field);
        if (weight.IsWhole)
            return new FieldCost { Weight = weight.Weight, Length = ListLength.One, Below = [], Index = -1 };

        (double own, List<VariableCost> arguments) = Arguments(field, nodes[0]);
        ListLength length = weight.Size is { } rule ? LengthOf(field, rule, nodes[0]) : ListLength.One;
        bool sizesChildren = weight.Size is { SizedFields.Length: > 0 };
        SelectionCost[] below = Below(field.Type.Named, nodes, sizesChildren ? length : null, weight.Size?.SizedFields ?? []);
        ListLength items = inherited ?? (sizesChildren ? ListLength.One : length);
        bool isVarying = arguments.Count > 0 || items.IsVarying || (sizesChildren && length.IsVarying) || Array.Exists(below, type => type.Varying.Length > 0);
        return new FieldCost { Weight = weight.Weight + own, Arguments = arguments, Length = items, Below = below, Index = isVarying ? varyingCount++ : -1 };
    }

    private SelectionCost[] Below(NamedType type, FieldNode[] nodes, ListLength? inherited, string[] sized) => type is ScalarType or EnumType
        ? weights.Of(type) is var leaf and > 0 ? [new SelectionCost(new OperationCost(0, leaf), [])] : []
        : [.. schema.PossibleTypes(type).Select(possible =>
            Weigh(possible, nodes.Select(node => node.SelectionSet).OfType<SelectionSetNode>(), inherited, sized))];

    private static ListLength LengthOf(FieldDefinition field, ListSizeRule rule, FieldNode node)
    {
        double fallback = rule.SlicingArgumentDefaultValue ?? rule.AssumedSize ?? 1;
        var given = new List<SlicingArgument>();
        foreach (string name in rule.SlicingArguments)
        {
            bool isList = field.Arguments.Find(name)?.Type.Nullable is ListType;
            if (node.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value is { } value)
                given.Add(new SlicingArgument((value as VariableNode)?.Name, Literal(value, isList)));
            else if (Literal(field.Arguments.Find(name)?.DefaultValue, isList) is { } length)
                fallback = Math.Max(length, rule.SlicingArgumentDefaultValue ?? 0);
        }
        return ListLength.Of(fallback, [.. given], rule is { RequiresOneSlicingArgument: true, SlicingArguments.Length: > 0 }, node);
    }

    /// <summary>The items of a list; a single value in its place is a list of one.</summary>
    private static double? Literal(ValueNode? value, bool isList) => value switch
    {
        null or NullValueNode or VariableNode => null,
        ListValueNode list => list.Items.Count,
        IntValueNode number when !isList => Math.Max(0, double.Parse(number.Value, CultureInfo.InvariantCulture)),
        _ => isList ? 1 : null,
    };

    private (double Own, List<VariableCost> Variables) Arguments(FieldDefinition field, FieldNode node)
    {
        double own = 0;
        var variables = new List<VariableCost>();
        foreach (ArgumentNode given in node.Arguments)
        {
            if (field.Arguments.Find(given.Name) is not { } argument)
                continue;
            double weight = weights.Of(argument);
            own += weight;
            // A filter or sort argument has a weight of its own; the argument of a mutation has none and costs what is in it.
            double atLeast = given.Value is VariableNode && CostDirectives.Weight(argument.Directives) is not null
                ? (options.VariableMultiplier - 1) * weight
                : 0;
            own += inputs.Of(given.Value, argument.Type, (variable, type) => variables.Add(Of(variable, type, atLeast)));
        }
        return (own, variables);
    }

    private VariableCost Of(VariableNode variable, GraphQLType type, double atLeast)
    {
        ValueNode? @default = operation.VariableDefinitions.FirstOrDefault(definition => definition.Variable.Name == variable.Name)?.DefaultValue;
        return new VariableCost(inputs, variable.Name, type, Math.Max(atLeast, 0), @default is null ? 0 : inputs.Of(@default, type, (_, _) => { }));
    }

    private readonly record struct FieldKey(ObjectType Parent, FieldNode[] Nodes, ListLength? Inherited)
    {
        public bool Equals(FieldKey other) => Parent == other.Parent && Inherited == other.Inherited && Nodes.AsSpan().SequenceEqual(other.Nodes);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Parent);
            foreach (FieldNode node in Nodes)
                hash.Add(node);
            return hash.ToHashCode();
        }
    }
}
