using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A complete, valid schema. Immutable and shared by all requests.</summary>
public sealed class Schema
{
    private readonly FrozenDictionary<string, NamedType> types;
    private readonly FrozenDictionary<string, DirectiveDefinition> directives;
    private readonly FrozenDictionary<NamedType, ObjectType[]> possibleTypes;
    private readonly FrozenDictionary<Type, ObjectType> objectTypesByRuntimeType;

    internal Schema(
        ObjectType queryType, ObjectType? mutationType, ObjectType? subscriptionType,
        IReadOnlyList<NamedType> types, IReadOnlyList<DirectiveDefinition> directives, string? description, IntrospectionFields introspection)
    {
        Introspection = introspection;
        QueryType = queryType;
        MutationType = mutationType;
        SubscriptionType = subscriptionType;
        Types = types;
        Directives = directives;
        Description = description;
        this.types = types.ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);
        this.directives = directives.ToFrozenDictionary(directive => directive.Name, StringComparer.Ordinal);

        ObjectType[] objects = [.. types.OfType<ObjectType>()];
        possibleTypes = types.Where(type => type is InterfaceType or UnionType or ObjectType).ToFrozenDictionary(type => type, type => type switch
        {
            InterfaceType of => [.. objects.Where(candidate => candidate.Interfaces.Contains(of))],
            UnionType union => [.. union.Members],
            ObjectType self => new[] { self },
            _ => [],
        });
        objectTypesByRuntimeType = objects.Where(type => type.RuntimeType is not null).DistinctBy(type => type.RuntimeType)
            .ToFrozenDictionary(type => type.RuntimeType!);
    }

    public string? Description { get; }

    /// <summary>Directives applied to the schema itself.</summary>
    internal IReadOnlyList<DirectiveNode> AppliedDirectives { get; init; } = [];

    /// <summary>The fields that no type lists: <c>__typename</c> of every composite type, <c>__schema</c> and <c>__type</c> of the query root.</summary>
    internal IntrospectionFields Introspection { get; }

    public ObjectType QueryType { get; }
    public ObjectType? MutationType { get; }
    public ObjectType? SubscriptionType { get; }

    /// <summary>Every named type, including those of introspection, in the order in which they are listed and printed.</summary>
    public IReadOnlyList<NamedType> Types { get; }

    internal IReadOnlyList<DirectiveDefinition> Directives { get; }

    public NamedType? FindType(string name) => types.GetValueOrDefault(name);
    public T? FindType<T>(string name) where T : NamedType => types.GetValueOrDefault(name) as T;

    /// <summary>The type that a document refers to, or null when its named type is not part of this schema.</summary>
    internal GraphQLType? FindType(TypeNode type) => type switch
    {
        NonNullTypeNode nonNull => FindType(nonNull.Type) is { } of ? new NonNullType(of) : null,
        ListTypeNode list => FindType(list.Type) is { } of ? new ListType(of) : null,
        _ => FindType(((NamedTypeNode)type).Name),
    };

    /// <summary>A field of a composite type, including those of introspection; a union only has <c>__typename</c>.</summary>
    public FieldDefinition? FindField(NamedType type, string name) => name switch
    {
        "__typename" when type is ComplexType or UnionType => Introspection.TypeName,
        "__schema" when type == QueryType => Introspection.Schema,
        "__type" when type == QueryType => Introspection.Type,
        _ => (type as ComplexType)?.Fields.Find(name),
    };

    internal DirectiveDefinition? FindDirective(string name) => directives.GetValueOrDefault(name);

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#GetPossibleTypes()"/>; an object is its own only possible type; other types have none.
    /// </summary>
    public IReadOnlyList<ObjectType> PossibleTypes(NamedType type) => possibleTypes.TryGetValue(type, out ObjectType[]? found) ? found : [];

    public bool IsPossibleType(NamedType abstractType, ObjectType type) => PossibleTypes(abstractType).Contains(type);

    /// <summary>
    /// The object type of a value: by its CLR type or the nearest base class that has one; in a schema built from SDL, by the entry <c>__typename</c>
    /// of a dictionary, or by the name of the CLR type.
    /// </summary>
    public ObjectType? ObjectTypeOf(object value)
    {
        if (value is IReadOnlyDictionary<string, object?> map)
            return map.TryGetValue("__typename", out object? name) && name is string text ? FindType<ObjectType>(text) : null;
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            if (objectTypesByRuntimeType.TryGetValue(type, out ObjectType? found))
                return found;
        }
        return FindType<ObjectType>(value.GetType().Name) is { RuntimeType: null } named ? named : null;
    }

    public ObjectType? RootType(OperationType operation) => operation switch
    {
        OperationType.Query => QueryType,
        OperationType.Mutation => MutationType,
        _ => SubscriptionType,
    };
}
