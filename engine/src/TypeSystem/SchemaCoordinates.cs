using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Resolves coordinates in a schema.</summary>
internal static class SchemaCoordinates
{
    /// <summary>
    /// The <see cref="NamedType"/>, <see cref="FieldDefinition"/>, <see cref="InputValueDefinition"/>, <see cref="EnumValue"/> or
    /// <see cref="DirectiveDefinition"/>; null when its container has no element with that name. Meta-fields such as <c>__typename</c> do not belong
    /// to a schema and have no coordinate.
    /// </summary>
    /// <exception cref="SchemaException">The container does not exist, or is of a kind that contains no such element.</exception>
    public static object? Find(this Schema schema, SchemaCoordinate coordinate) => coordinate switch
    {
        { IsDirective: true, Argument: null } => schema.FindDirective(coordinate.Name),
        { IsDirective: true } =>
            (schema.FindDirective(coordinate.Name) ?? throw Missing(coordinate, $"@{coordinate.Name}")).Arguments.Find(coordinate.Argument!),
        { Member: null } => schema.FindType(coordinate.Name),
        { Argument: null } => FindMember(schema, coordinate),
        _ => FindField(schema, coordinate).Arguments.Find(coordinate.Argument),
    };

    private static object? FindMember(Schema schema, SchemaCoordinate coordinate) => schema.FindType(coordinate.Name) switch
    {
        ComplexType type => type.Fields.Find(coordinate.Member!),
        InputObjectType input => input.Fields.Find(coordinate.Member!),
        EnumType values => values.Values.FirstOrDefault(value => value.Name == coordinate.Member),
        null => throw Missing(coordinate, coordinate.Name),
        _ => throw new SchemaException($"{coordinate}: {coordinate.Name} has no members."),
    };

    private static FieldDefinition FindField(Schema schema, SchemaCoordinate coordinate) => schema.FindType(coordinate.Name) switch
    {
        ComplexType type => type.Fields.Find(coordinate.Member!) ?? throw Missing(coordinate, $"{coordinate.Name}.{coordinate.Member}"),
        null => throw Missing(coordinate, coordinate.Name),
        _ => throw new SchemaException($"{coordinate}: {coordinate.Name} has no fields with arguments."),
    };

    private static SchemaException Missing(SchemaCoordinate coordinate, string container) => new($"{coordinate}: there is no {container}.");
}
