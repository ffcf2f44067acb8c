namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#IsValidImplementation()"/></summary>
internal static class InterfaceRules
{
    public static IEnumerable<string> Check(ComplexType type, InterfaceType implemented)
    {
        if (type == implemented)
        {
            yield return $"{type.Name}: it implements itself.";
            yield break;
        }
        foreach (InterfaceType inherited in implemented.Interfaces.Where(inherited => !type.Interfaces.Contains(inherited)))
        {
            yield return inherited == type
                ? $"{type.Name}: it implements {implemented.Name}, which implements it in turn."
                : $"{type.Name}: it implements {implemented.Name} and so has to implement {inherited.Name}.";
        }
        foreach (FieldDefinition required in implemented.Fields)
        {
            FieldDefinition? field = type.Fields.Find(required.Name);
            IEnumerable<string> problems = field is null
                ? [$"{type.Name}: it lacks the field {required.Name} of {implemented.Name}."]
                : CheckField(type, field, implemented, required);
            foreach (string problem in problems)
                yield return problem;
        }
    }

    private static IEnumerable<string> CheckField(ComplexType type, FieldDefinition field, InterfaceType implemented, FieldDefinition required)
    {
        string coordinate = $"{type.Name}.{field.Name}", requiredCoordinate = $"{implemented.Name}.{required.Name}";
        if (!IsCovariant(field.Type, required.Type))
            yield return $"{coordinate}: its type {field.Type} does not fit that of {requiredCoordinate}, which is {required.Type}.";
        if (field.DeprecationReason is not null && required.DeprecationReason is null)
            yield return $"{coordinate}: it is deprecated while {requiredCoordinate} is not.";
        foreach (InputValueDefinition argument in required.Arguments)
        {
            InputValueDefinition? own = field.Arguments.Find(argument.Name);
            if (own is null)
                yield return $"{coordinate}: it lacks the argument {argument.Name} of {requiredCoordinate}.";
            else if (own.Type.ToString() != argument.Type.ToString())
                yield return $"{coordinate}({argument.Name}:): its type is {own.Type}, and {argument.Type} in {implemented.Name}.";
        }
        foreach (InputValueDefinition additional in field.Arguments.Where(argument => argument.IsRequired && required.Arguments.Find(argument.Name) is null))
            yield return $"{coordinate}({additional.Name}:): it is required, but {requiredCoordinate} does not have it.";
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#IsValidImplementationFieldType()"/></summary>
    private static bool IsCovariant(GraphQLType type, GraphQLType required)
    {
        if (type is NonNullType nonNull)
            return IsCovariant(nonNull.Of, required.Nullable);
        return (type, required) switch
        {
            (ListType own, ListType other) => IsCovariant(own.Of, other.Of),
            (NamedType own, NamedType other) when own == other => true,
            (ObjectType own, UnionType union) => union.Members.Contains(own),
            (ComplexType own, InterfaceType other) => own.Interfaces.Contains(other),
            _ => false,
        };
    }
}
