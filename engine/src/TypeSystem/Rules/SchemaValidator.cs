namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#sec-Type-System"/>: whether a schema follows the rules for schemas, types and directives.
/// </summary>
internal static class SchemaValidator
{
    /// <summary>One message for each broken rule, with its schema coordinate; empty for a valid schema.</summary>
    public static IReadOnlyList<string> Validate(Schema schema)
    {
        var problems = new List<string>();
        ObjectType[] roots = [.. new[] { schema.QueryType, schema.MutationType, schema.SubscriptionType }.OfType<ObjectType>()];
        if (roots.Distinct().Count() < roots.Length)
            problems.Add("schema: query, mutation and subscription start at different types.");
        foreach (NamedType type in schema.Types.Where(type => !type.IsBuiltIn))
            problems.AddRange(NameRules.Check(type.Name, type.Name).Concat(Check(type)));
        foreach (DirectiveDefinition directive in schema.Directives.Where(directive => !directive.IsBuiltIn))
            problems.AddRange(DirectiveRules.Check(directive, schema));
        problems.AddRange(CostRules.Check(schema));
        return problems;
    }

    private static IEnumerable<string> Check(NamedType type) => type switch
    {
        ComplexType complex => ComplexTypeRules.Check(complex),
        UnionType union => CheckUnion(union),
        EnumType @enum => CheckEnum(@enum),
        InputObjectType input => InputObjectRules.Check(input),
        _ => [],
    };

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-Unions.Type-Validation"/></summary>
    private static IEnumerable<string> CheckUnion(UnionType union)
    {
        if (union.Members.Count == 0)
            yield return $"{union.Name}: a union needs at least one member.";
        foreach (string name in NameRules.Repeated(union.Members.Select(member => member.Name)))
            yield return $"{union.Name}: {name} is a member more than once.";
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-Enums.Type-Validation"/></summary>
    private static IEnumerable<string> CheckEnum(EnumType type)
    {
        if (type.Values.Count == 0)
            yield return $"{type.Name}: an enum needs at least one value.";
        foreach (string name in NameRules.Repeated(type.Values.Select(value => value.Name)))
            yield return $"{type.Name}.{name}: there is more than one value with this name.";
        foreach (EnumValue value in type.Values)
        {
            foreach (string problem in NameRules.Check(value.Name, $"{type.Name}.{value.Name}"))
                yield return problem;
            if (value.Name is "true" or "false" or "null")
                yield return $"{type.Name}.{value.Name}: {value.Name} cannot be the name of an enum value.";
        }
    }
}
