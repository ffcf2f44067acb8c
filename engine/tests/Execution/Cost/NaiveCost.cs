using System.Globalization;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>The cost by its definition: everything is expanded, nothing is cached.</summary>
internal sealed class NaiveCost(Schema schema, DocumentNode document, int first, bool includes)
{
    private readonly Dictionary<string, FragmentDefinitionNode> fragments =
        document.Definitions.OfType<FragmentDefinitionNode>().ToDictionary(fragment => fragment.Name);

    public OperationCost Of() => OfObject(schema.QueryType, [document.Definitions.OfType<OperationDefinitionNode>().Single().SelectionSet], 1, []);

    private OperationCost OfObject(ObjectType type, IEnumerable<SelectionSetNode> sets, double inherited, IReadOnlyList<string> sized)
    {
        var fields = new List<FieldNode>();
        foreach (SelectionSetNode set in sets)
            Expand(type, set, fields, []);
        var cost = new OperationCost(0, Weight(type.Directives) ?? 1);
        foreach (IGrouping<string, FieldNode> group in fields.GroupBy(field => field.ResponseName))
            cost += OfField(type, [.. group], sized.Contains(group.First().Name) ? inherited : null);
        return cost;
    }

    private void Expand(ObjectType type, SelectionSetNode set, List<FieldNode> fields, HashSet<string> spread)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            if (selection.Directives.Any(directive => directive.Name == "include") && !includes
                || selection.Directives.Any(directive => directive.Name == "skip") && includes)
                continue;
            switch (selection)
            {
                case FieldNode field:
                    fields.Add(field);
                    break;
                case FragmentSpreadNode named when spread.Add(named.Name)
                    && schema.IsPossibleType(schema.FindType(fragments[named.Name].TypeCondition.Name)!, type):
                    Expand(type, fragments[named.Name].SelectionSet, fields, spread);
                    break;
                case InlineFragmentNode inline when inline.TypeCondition is null || schema.IsPossibleType(schema.FindType(inline.TypeCondition.Name)!, type):
                    Expand(type, inline.SelectionSet, fields, spread);
                    break;
            }
        }
    }

    private OperationCost OfField(ObjectType type, FieldNode[] nodes, double? inherited)
    {
        if (nodes[0].Name == "__typename")
            return default;
        FieldDefinition field = type.Fields.Find(nodes[0].Name)!;
        double own = Weight(field.Directives) ?? (field.Type.Named is ScalarType or EnumType ? 0 : 1);
        DirectiveNode? size = field.Directives.FirstOrDefault(directive => directive.Name == "listSize");
        string[] sized = [.. Strings(size, "sizedFields")];
        double length = Length(field, size, nodes[0]);

        OperationCost item = field.Type.Named is ScalarType or EnumType
            ? new OperationCost(0, Weight(field.Type.Named.Directives) ?? 0)
            : schema.PossibleTypes(field.Type.Named)
                .Select(possible => OfObject(possible, nodes.Select(node => node.SelectionSet!), length, sized)).Aggregate(OperationCost.Max);
        return new OperationCost(own, 0) + (inherited ?? (sized.Length > 0 ? 1 : length)) * item;
    }

    private double Length(FieldDefinition field, DirectiveNode? size, FieldNode node)
    {
        if (size is null)
            return 1;
        string[] slicing = [.. Strings(size, "slicingArguments")];
        double[] given =
            [.. node.Arguments.Where(argument => slicing.Contains(argument.Name))
                .Select(argument => argument.Value is VariableNode ? first : Number(argument.Value)!.Value)];
        if (given.Length > 0)
            return given.Max();
        return Number(size, "slicingArgumentDefaultValue")
            ?? slicing.Select(name => Number(field.Arguments.Find(name)?.DefaultValue)).OfType<double>().Cast<double?>().Max()
            ?? Number(size, "assumedSize") ?? 1;
    }

    private static double? Weight(IReadOnlyList<DirectiveNode> directives) =>
        directives.FirstOrDefault(directive => directive.Name == "cost")?.Arguments[0].Value is StringValueNode text
            ? double.Parse(text.Value, CultureInfo.InvariantCulture)
            : null;

    private static IEnumerable<string> Strings(DirectiveNode? directive, string name) =>
        directive?.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value is ListValueNode list
            ? list.Items.Cast<StringValueNode>().Select(item => item.Value)
            : [];

    private static double? Number(DirectiveNode directive, string name) => Number(directive.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value);

    private static double? Number(ValueNode? value) => value is IntValueNode number ? double.Parse(number.Value, CultureInfo.InvariantCulture) : null;
}
