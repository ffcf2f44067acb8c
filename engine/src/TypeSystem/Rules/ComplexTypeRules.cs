namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Objects.Type-Validation"/>, which also applies to interfaces.</summary>
internal static class ComplexTypeRules
{
    public static IEnumerable<string> Check(ComplexType type)
    {
        if (type.Fields.Count == 0)
            yield return $"{type.Name}: it has no fields.";
        foreach (string name in NameRules.Repeated(type.Fields.Select(field => field.Name)))
            yield return $"{type.Name}.{name}: there is more than one field with this name.";
        foreach (string problem in type.Fields.SelectMany(field => CheckField(type, field)))
            yield return problem;
        foreach (string name in NameRules.Repeated(type.Interfaces.Select(implemented => implemented.Name)))
            yield return $"{type.Name}: it implements {name} more than once.";
        foreach (string problem in type.Interfaces.Distinct().SelectMany(implemented => InterfaceRules.Check(type, implemented)))
            yield return problem;
    }

    private static IEnumerable<string> CheckField(ComplexType type, FieldDefinition field)
    {
        string coordinate = $"{type.Name}.{field.Name}";
        if (!field.Type.IsOutputType)
            yield return $"{coordinate}: {field.Type} is an input type; a field needs an output type.";
        if (type is ObjectType && field.PureResolver is null && field.Resolver is null)
            yield return $"{coordinate}: it has no resolver.";
        foreach (string problem in NameRules.Check(field.Name, coordinate).Concat(InputValueRules.CheckArguments(field.Arguments, coordinate)))
            yield return problem;
    }
}
