using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Whether <c>@cost</c> and <c>@listSize</c> are meaningful: weights are numbers, and arguments and fields exist.</summary>
internal static class CostRules
{
    public static IEnumerable<string> Check(Schema schema)
    {
        if (schema.FindDirective(CostDirectives.Cost)?.Arguments.Find("weight")?.Type.Nullable is not StringType)
            yield break; // Another directive with this name.
        foreach (NamedType type in schema.Types.Where(type => !type.IsBuiltIn))
        {
            foreach (string problem in Weights(type, type.Name).Concat(Members(type)))
                yield return problem;
        }
    }

    private static IEnumerable<string> Members(NamedType type) => type switch
    {
        ComplexType complex => complex.Fields.SelectMany(field => Field(field, $"{type.Name}.{field.Name}")),
        InputObjectType input => input.Fields.SelectMany(field => Weight(field.Directives, $"{type.Name}.{field.Name}")),
        _ => [],
    };

    private static IEnumerable<string> Weights(NamedType type, string coordinate) => Weight(type.Directives, coordinate);

    private static IEnumerable<string> Field(FieldDefinition field, string coordinate)
    {
        foreach (string problem in Weight(field.Directives, coordinate)
            .Concat(field.Arguments.SelectMany(argument => Weight(argument.Directives, $"{coordinate}({argument.Name}:)"))))
            yield return problem;
        if (CostDirectives.SizeRule(field.Directives) is not { } rule)
            yield break;
        foreach (string name in rule.SlicingArguments)
        {
            if (!(field.Arguments.Find(name) is { } argument && argument.Type.Nullable is IntType or LongType or ListType))
                yield return $"{coordinate}: @listSize slices by {name}, which is not an argument that takes an integer or a list.";
        }
        foreach (string name in rule.SizedFields)
        {
            if (!((field.Type.Named as ComplexType)?.Fields.Find(name) is { } sized && sized.Type.Nullable is ListType))
                yield return $"{coordinate}: @listSize sizes {name}, which is not a list of {field.Type.Named.Name}.";
        }
        if (rule.SizedFields.Length == 0 && field.Type.Nullable is not ListType)
            yield return $"{coordinate}: @listSize is on a field that is not a list and has no sizedFields.";
        if (rule.AssumedSize < 0 || rule.SlicingArgumentDefaultValue < 0)
            yield return $"{coordinate}: the size of a list cannot be negative.";
    }

    private static IEnumerable<string> Weight(IReadOnlyList<DirectiveNode> directives, string coordinate)
    {
        if (directives.Any(directive => directive.Name == CostDirectives.Cost) && CostDirectives.Weight(directives) is null)
            yield return $"{coordinate}: the weight of @cost must be a number of at least 0.";
    }
}
