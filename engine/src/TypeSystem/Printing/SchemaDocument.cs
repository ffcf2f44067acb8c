using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A schema as the document that would define it.</summary>
internal static class SchemaDocument
{
    public static DocumentNode Of(Schema schema) => new(default,
    [
        .. SchemaDefinition(schema) is { } definition ? new DefinitionNode[] { definition } : [],
        .. schema.Directives.Where(directive => !directive.IsBuiltIn).Select(Directive),
        .. schema.Types.Where(type => !type.IsBuiltIn).Select(Type),
    ]);

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#sec-Root-Operation-Types.Default-Root-Operation-Type-Names"/>: null when the names make it
    /// redundant.
    /// </summary>
    private static SchemaDefinitionNode? SchemaDefinition(Schema schema)
    {
        (OperationType Operation, ObjectType? Type, string DefaultName)[] roots =
        [
            (OperationType.Query, schema.QueryType, "Query"),
            (OperationType.Mutation, schema.MutationType, "Mutation"),
            (OperationType.Subscription, schema.SubscriptionType, "Subscription"),
        ];
        bool isImplied = schema.Description is null && schema.AppliedDirectives.Count == 0
            && Array.TrueForAll(roots, root => root.Type is null ? schema.FindType(root.DefaultName) is null : root.Type.Name == root.DefaultName);
        return isImplied ? null : new SchemaDefinitionNode(default, schema.Description, isExtension: false, schema.AppliedDirectives,
            [.. roots.Where(root => root.Type is not null).Select(root => new OperationTypeDefinitionNode(default, root.Operation, Name(root.Type!)))]);
    }

    private static TypeDefinitionNode Type(NamedType type) => type switch
    {
        ScalarType scalar => new ScalarTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, SpecifiedBy(scalar)),
        ObjectType of =>
            new ObjectTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, Names(of.Interfaces), type.Directives, Fields(of)),
        InterfaceType of =>
            new InterfaceTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, Names(of.Interfaces), type.Directives, Fields(of)),
        UnionType union => new UnionTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, type.Directives, Names(union.Members)),
        EnumType of => new EnumTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, type.Directives, [.. of.Values.Select(Value)]),
        InputObjectType input =>
            new InputObjectTypeDefinitionNode(default, type.Description, isExtension: false, type.Name, OneOf(input), [.. input.Fields.Select(Input)]),
        _ => throw new ArgumentException($"{type.GetType().Name} is not a kind of type.", nameof(type)),
    };

    private static FieldDefinitionNode[] Fields(ComplexType type) => [.. type.Fields.Select(field => new FieldDefinitionNode(
        default, field.Description, field.Name, [.. field.Arguments.Select(Input)], Reference(field.Type),
        Deprecated(field.Directives, field.DeprecationReason)))];

    private static InputValueDefinitionNode Input(InputValueDefinition value) => new(
        default, value.Description, value.Name, Reference(value.Type), value.DefaultValue, Deprecated(value.Directives, value.DeprecationReason));

    private static EnumValueDefinitionNode Value(EnumValue value) =>
        new(default, value.Description, value.Name, Deprecated(value.Directives, value.DeprecationReason));

    private static DirectiveDefinitionNode Directive(DirectiveDefinition directive) => new(
        default, directive.Description, directive.Name, [.. directive.Arguments.Select(Input)], directive.IsRepeatable, directive.Locations);

    private static TypeNode Reference(GraphQLType type) => type switch
    {
        NonNullType nonNull => new NonNullTypeNode(default, Reference(nonNull.Of)),
        ListType list => new ListTypeNode(default, Reference(list.Of)),
        _ => Name(type.Named),
    };

    private static NamedTypeNode Name(NamedType type) => new(default, type.Name);

    private static NamedTypeNode[] Names(IEnumerable<NamedType> types) => [.. types.Select(Name)];

    private static IReadOnlyList<DirectiveNode> Deprecated(IReadOnlyList<DirectiveNode> directives, string? reason) => reason switch
    {
        null => directives,
        BuiltInDirectives.DefaultDeprecationReason => [Applied("deprecated"), .. directives],
        _ => [Applied("deprecated", ("reason", reason)), .. directives],
    };

    private static IReadOnlyList<DirectiveNode> SpecifiedBy(ScalarType scalar) =>
        scalar.SpecifiedBy is { } url ? [Applied("specifiedBy", ("url", url.OriginalString)), .. scalar.Directives] : scalar.Directives;

    private static IReadOnlyList<DirectiveNode> OneOf(InputObjectType input) => input.IsOneOf ? [Applied("oneOf"), .. input.Directives] : input.Directives;

    private static DirectiveNode Applied(string name, params (string Name, string Value)[] arguments) =>
        new(default, name, [.. arguments.Select(argument => new ArgumentNode(default, argument.Name, new StringValueNode(default, argument.Value)))]);
}
