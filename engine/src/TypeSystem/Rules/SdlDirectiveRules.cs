using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// Directives in SDL: defined, at a location they allow, only once unless repeatable, with the arguments they have.
/// <see href="https://spec.graphql.org/September2025/#sec-Validation.Directives"/>
/// </summary>
internal sealed class SdlDirectiveRules
{
    private readonly Dictionary<string, DirectiveDefinition> directives;
    private readonly List<string> problems = [];

    private SdlDirectiveRules(IReadOnlyList<DirectiveDefinition> directives) =>
        this.directives = directives.DistinctBy(directive => directive.Name).ToDictionary(directive => directive.Name);

    public static IReadOnlyList<string> Check(DocumentNode document, IReadOnlyList<DirectiveDefinition> directives)
    {
        var rules = new SdlDirectiveRules(directives);
        foreach (TypeSystemDefinitionNode definition in document.Definitions.OfType<TypeSystemDefinitionNode>())
            rules.CheckDefinition(definition);
        return rules.problems;
    }

    private void CheckDefinition(TypeSystemDefinitionNode definition)
    {
        switch (definition)
        {
            case SchemaDefinitionNode:
                CheckApplied(definition.Directives, "schema", DirectiveLocations.Schema);
                break;
            case ScalarTypeDefinitionNode scalar:
                CheckApplied(scalar.Directives, scalar.Name, DirectiveLocations.Scalar);
                break;
            case ObjectTypeDefinitionNode type:
                CheckApplied(type.Directives, type.Name, DirectiveLocations.Object);
                CheckFields(type.Fields, type.Name);
                break;
            case InterfaceTypeDefinitionNode type:
                CheckApplied(type.Directives, type.Name, DirectiveLocations.Interface);
                CheckFields(type.Fields, type.Name);
                break;
            case UnionTypeDefinitionNode union:
                CheckApplied(union.Directives, union.Name, DirectiveLocations.Union);
                break;
            case EnumTypeDefinitionNode @enum:
                CheckApplied(@enum.Directives, @enum.Name, DirectiveLocations.Enum);
                foreach (EnumValueDefinitionNode value in @enum.Values)
                    CheckApplied(value.Directives, $"{@enum.Name}.{value.Name}", DirectiveLocations.EnumValue);
                break;
            case InputObjectTypeDefinitionNode input:
                CheckApplied(input.Directives, input.Name, DirectiveLocations.InputObject);
                foreach (InputValueDefinitionNode field in input.Fields)
                    CheckApplied(field.Directives, $"{input.Name}.{field.Name}", DirectiveLocations.InputFieldDefinition);
                break;
            case DirectiveDefinitionNode directive:
                CheckArguments(directive.Arguments, $"@{directive.Name}");
                break;
        }
    }

    private void CheckFields(IReadOnlyList<FieldDefinitionNode> fields, string owner)
    {
        foreach (FieldDefinitionNode field in fields)
        {
            CheckApplied(field.Directives, $"{owner}.{field.Name}", DirectiveLocations.FieldDefinition);
            CheckArguments(field.Arguments, $"{owner}.{field.Name}");
        }
    }

    private void CheckArguments(IReadOnlyList<InputValueDefinitionNode> arguments, string owner)
    {
        foreach (InputValueDefinitionNode argument in arguments)
            CheckApplied(argument.Directives, $"{owner}({argument.Name}:)", DirectiveLocations.ArgumentDefinition);
    }

    private void CheckApplied(IReadOnlyList<DirectiveNode> applied, string coordinate, string location)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (DirectiveNode node in applied)
        {
            if (!directives.TryGetValue(node.Name, out DirectiveDefinition? directive))
            {
                problems.Add($"{coordinate}: the directive @{node.Name} is not defined.");
                continue;
            }
            if (!directive.Locations.Contains(location))
                problems.Add($"{coordinate}: the directive @{node.Name} may not stand on {location}.");
            if (!seen.Add(node.Name) && !directive.IsRepeatable)
                problems.Add($"{coordinate}: the directive @{node.Name} is not repeatable.");
            CheckGiven(node, directive, coordinate);
        }
    }

    private void CheckGiven(DirectiveNode node, DirectiveDefinition directive, string coordinate)
    {
        foreach (IGrouping<string, ArgumentNode> given in node.Arguments.GroupBy(argument => argument.Name))
        {
            if (given.Count() > 1)
                problems.Add($"{coordinate}: @{node.Name}({given.Key}:) is given more than once.");
            if (!directive.Arguments.TryGet(given.Key, out InputValueDefinition? argument))
                problems.Add($"{coordinate}: the directive @{node.Name} has no argument {given.Key}.");
            else
                CheckValue(argument, given.First(), $"{coordinate}: @{node.Name}");
        }
        foreach (InputValueDefinition missing in directive.Arguments.Where(
            argument => argument.IsRequired && node.Arguments.All(given => given.Name != argument.Name)))
            problems.Add($"{coordinate}: @{node.Name}({missing.Name}:) is required.");
    }

    private void CheckValue(InputValueDefinition argument, ArgumentNode given, string place)
    {
        try
        {
            ValueCoercion.FromLiteral(given.Value, argument.Type, path: given.Name);
        }
        catch (CoercionException refusal)
        {
            problems.Add($"{place}: {refusal.Message}");
        }
    }
}
