using Mycelium.GraphQL.Engine.Introspection;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.SchemaFirst;

/// <summary>Builds types from the definitions of a document, in two passes: first all names, then how the types refer to each other.</summary>
internal sealed class SdlReader
{
    private readonly TypeTable types = IntrospectionTypes.NewTable();
    private readonly List<string> problems = [];
    private readonly List<DirectiveDefinition> directives;
    private readonly List<SchemaDefinitionNode> schemas = [];
    private readonly IReadOnlyDictionary<string, ScalarType> scalars;

    public SdlReader(DocumentNode document, IReadOnlyDictionary<string, ScalarType> scalars)
    {
        this.scalars = scalars;
        TypeDefinitionNode[] definitions = [.. document.Definitions.OfType<TypeDefinitionNode>()];
        foreach (DefinitionNode other in document.Definitions.Where(definition => definition is ExecutableDefinitionNode))
            problems.Add($"Line {other.Span.Line}: an operation or fragment is not part of a schema.");
        foreach (TypeDefinitionNode definition in definitions.Where(definition => !definition.IsExtension))
            Declare(definition);

        directives = [.. types.BuiltInDirectives()];
        foreach (DirectiveDefinitionNode definition in document.Definitions.OfType<DirectiveDefinitionNode>())
            DefineDirective(definition);
        foreach (TypeDefinitionNode extension in definitions.Where(definition => definition.IsExtension))
            CheckExtension(extension);
        foreach (IGrouping<string, TypeDefinitionNode> parts in definitions.GroupBy(definition => definition.Name))
            Define([.. parts.OrderBy(part => part.IsExtension)]);
        schemas.AddRange(document.Definitions.OfType<SchemaDefinitionNode>());
        SchemaException.ThrowIfAny([.. problems, .. SdlDirectiveRules.Check(document, directives)]);
    }

    /// <summary>The field of a coordinate such as <c>Query.node</c>.</summary>
    public FieldDefinition? FindField(SchemaCoordinate coordinate) => coordinate is { IsDirective: false, Member: { } field, Argument: null }
        ? (types.Find(coordinate.Name) as ComplexType)?.Fields.Find(field)
        : null;

    public Schema Complete()
    {
        SchemaDefinitionNode[] definitions = [.. schemas.Where(schema => !schema.IsExtension)];
        if (definitions.Length > 1)
            problems.Add("schema: it is defined more than once.");
        ILookup<OperationType, string> named = schemas.SelectMany(schema => schema.OperationTypes).ToLookup(root => root.Operation, root => root.Type.Name);
        foreach (IGrouping<OperationType, string> twice in named.Where(root => root.Count() > 1))
            problems.Add($"schema: the {Word(twice.Key)} type is given more than once.");

        bool byName = definitions.Length == 0;
        ObjectType? query = Root(OperationType.Query, "Query");
        ObjectType? mutation = Root(OperationType.Mutation, "Mutation");
        ObjectType? subscription = Root(OperationType.Subscription, "Subscription");
        if (query is null && problems.Count == 0)
            problems.Add("schema: there is no query type.");
        SchemaException.ThrowIfAny(problems);
        var roots = new SchemaRoots(query!, mutation, subscription, definitions.FirstOrDefault()?.Description)
        {
            Directives = [.. schemas.SelectMany(schema => schema.Directives)],
        };
        return types.Complete(roots, types.Added, directives);

        ObjectType? Root(OperationType operation, string defaultName)
        {
            string? name = named[operation].FirstOrDefault() ?? (byName && types.Find(defaultName) is ObjectType ? defaultName : null);
            if (name is null)
                return null;
            if (types.Find(name) is ObjectType type)
                return type;
            problems.Add($"schema: the {Word(operation)} type {name} is not an object type of this schema.");
            return null;
        }
    }

    private void Declare(TypeDefinitionNode definition)
    {
        NamedType type = definition switch
        {
            ScalarTypeDefinitionNode => Scalar(definition.Name),
            ObjectTypeDefinitionNode => new ObjectType(definition.Name),
            InterfaceTypeDefinitionNode => new InterfaceType(definition.Name),
            UnionTypeDefinitionNode => new UnionType(definition.Name),
            EnumTypeDefinitionNode => new EnumType(definition.Name),
            _ => new InputObjectType(definition.Name),
        };
        if (!types.TryAdd(type) && !BuiltInScalars.IsSpecified(definition.Name))
            problems.Add($"{definition.Name}: there is more than one type with this name.");
    }

    private ScalarType Scalar(string name)
    {
        ScalarType type = scalars.GetValueOrDefault(name) ?? BuiltInScalars.Create(name) ?? new AnyType(name);
        if (!scalars.ContainsKey(name))
            (type.Description, type.SpecifiedBy) = (null, null); // What the SDL says about it, and no more.
        return type;
    }

    private void CheckExtension(TypeDefinitionNode extension)
    {
        bool isSameKind = (types.Find(extension.Name), extension) is
            (ScalarType, ScalarTypeDefinitionNode) or (ObjectType, ObjectTypeDefinitionNode) or (InterfaceType, InterfaceTypeDefinitionNode)
            or (UnionType, UnionTypeDefinitionNode) or (EnumType, EnumTypeDefinitionNode) or (InputObjectType, InputObjectTypeDefinitionNode);
        if (!isSameKind)
            problems.Add($"{extension.Name}: line {extension.Span.Line} extends a type that is not there, or is of another kind.");
        if (extension is InputObjectTypeDefinitionNode && extension.Directives.IsOneOf())
            problems.Add($"{extension.Name}: @oneOf cannot be added by an extension.");
    }

    private void Define(IReadOnlyList<TypeDefinitionNode> parts)
    {
        NamedType? type = types.Find(parts[0].Name);
        if (type is null || type.IsBuiltIn)
            return;
        DirectiveNode[] applied = [.. parts.SelectMany(part => part.Directives)];
        type.Description ??= parts[0].Description;
        type.Directives = applied.Others();
        switch (type)
        {
            case ScalarType scalar:
                scalar.SpecifiedBy ??= applied.SpecifiedBy();
                break;
            case ComplexType complex:
                complex.Interfaces = Named<InterfaceType>(type, parts.SelectMany(Interfaces), "implements", "interface");
                complex.Fields = new FieldCollection<FieldDefinition>(
                    [.. parts.SelectMany(Fields).Select(field => Field(complex, field)).OfType<FieldDefinition>()]);
                break;
            case UnionType union:
                union.Members = Named<ObjectType>(
                    type, parts.OfType<UnionTypeDefinitionNode>().SelectMany(part => part.Types), "has the member", "object type");
                break;
            case EnumType @enum:
                @enum.Values = [.. parts.OfType<EnumTypeDefinitionNode>().SelectMany(part => part.Values).Select(EnumValue)];
                break;
            case InputObjectType input:
                input.IsOneOf = applied.IsOneOf();
                input.Fields = Inputs(type.Name, parts.OfType<InputObjectTypeDefinitionNode>().SelectMany(part => part.Fields), ".{0}");
                break;
        }
    }

    private static IReadOnlyList<NamedTypeNode> Interfaces(TypeDefinitionNode part) => part switch
    {
        ObjectTypeDefinitionNode definition => definition.Interfaces,
        InterfaceTypeDefinitionNode definition => definition.Interfaces,
        _ => [],
    };

    private static IReadOnlyList<FieldDefinitionNode> Fields(TypeDefinitionNode part) => part switch
    {
        ObjectTypeDefinitionNode definition => definition.Fields,
        InterfaceTypeDefinitionNode definition => definition.Fields,
        _ => [],
    };

    private FieldDefinition? Field(ComplexType owner, FieldDefinitionNode node)
    {
        string coordinate = $"{owner.Name}.{node.Name}";
        return Typed(node.Type, coordinate) is not { } type ? null : new FieldDefinition(node.Name, type)
        {
            DeclaringType = owner,
            Description = node.Description,
            DeprecationReason = node.Directives.DeprecationReason(),
            Directives = node.Directives.Others(),
            Arguments = Inputs(coordinate, node.Arguments, "({0}:)"),
            PureResolver = owner is ObjectType ? new DefaultResolver(node.Name).Read : null,
        };
    }

    private FieldCollection<InputValueDefinition> Inputs(string owner, IEnumerable<InputValueDefinitionNode> nodes, string suffix)
    {
        var values = new List<InputValueDefinition>();
        foreach (InputValueDefinitionNode node in nodes)
        {
            if (Typed(node.Type, owner + suffix.Replace("{0}", node.Name, StringComparison.Ordinal)) is not { } type)
                continue;
            values.Add(new InputValueDefinition(node.Name, type)
            {
                Description = node.Description,
                DeprecationReason = node.Directives.DeprecationReason(),
                Directives = node.Directives.Others(),
                DefaultValue = node.DefaultValue,
            });
        }
        return new FieldCollection<InputValueDefinition>(values);
    }

    private static EnumValue EnumValue(EnumValueDefinitionNode node) => new(node.Name, node.Name)
    {
        Description = node.Description,
        DeprecationReason = node.Directives.DeprecationReason(),
        Directives = node.Directives.Others(),
    };

    private void DefineDirective(DirectiveDefinitionNode node)
    {
        if (directives.Any(other => other.Name == node.Name && other.IsBuiltIn))
            return; // SDL may repeat the built-in ones, as the printers of other servers do.
        if (directives.Any(other => other.Name == node.Name))
            problems.Add($"@{node.Name}: there is more than one directive with this name.");
        directives.Add(new DirectiveDefinition(node.Name, Inputs($"@{node.Name}", node.Arguments, "({0}:)"), node.Locations)
        {
            Description = node.Description,
            IsRepeatable = node.IsRepeatable,
        });
    }

    private GraphQLType? Typed(TypeNode node, string coordinate)
    {
        GraphQLType? type = types.Find(node);
        if (type is null)
            problems.Add($"{coordinate}: the type {node} is not defined.");
        return type;
    }

    private List<T> Named<T>(NamedType owner, IEnumerable<NamedTypeNode> nodes, string relation, string kind) where T : NamedType
    {
        var found = new List<T>();
        foreach (NamedTypeNode node in nodes)
        {
            if (types.Find(node.Name) is T type)
                found.Add(type);
            else
                problems.Add($"{owner.Name}: it {relation} {node.Name}, which is not an {kind} of this schema.");
        }
        return found;
    }

    private static string Word(OperationType operation) => operation switch
    {
        OperationType.Query => "query",
        OperationType.Mutation => "mutation",
        _ => "subscription",
    };
}
