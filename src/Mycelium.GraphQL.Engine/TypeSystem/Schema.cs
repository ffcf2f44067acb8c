using System.Collections.Frozen;

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
        IReadOnlyList<NamedType> types, IReadOnlyList<DirectiveDefinition> directives, string? description)
    {
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
    public ObjectType QueryType { get; }
    public ObjectType? MutationType { get; }
    public ObjectType? SubscriptionType { get; }

    /// <summary>Every named type, introspection's included, in the order in which they are listed and printed.</summary>
    public IReadOnlyList<NamedType> Types { get; }

    public IReadOnlyList<DirectiveDefinition> Directives { get; }

    public NamedType? FindType(string name) => types.GetValueOrDefault(name);
    public T? FindType<T>(string name) where T : NamedType => types.GetValueOrDefault(name) as T;
    public DirectiveDefinition? FindDirective(string name) => directives.GetValueOrDefault(name);

    /// <summary><see href="https://spec.graphql.org/September2025/#GetPossibleTypes()"/>; an object is its own only possible type; other types have none.</summary>
    public IReadOnlyList<ObjectType> PossibleTypes(NamedType type) => possibleTypes.TryGetValue(type, out ObjectType[]? found) ? found : [];

    public bool IsPossibleType(NamedType abstractType, ObjectType type) => PossibleTypes(abstractType).Contains(type);

    /// <summary>The object type of a value, by its CLR type or the nearest base class that has one.</summary>
    public ObjectType? ObjectTypeOf(object value)
    {
        for (Type? type = value.GetType(); type is not null; type = type.BaseType)
        {
            if (objectTypesByRuntimeType.TryGetValue(type, out ObjectType? found))
                return found;
        }
        return null;
    }

    public ObjectType? RootType(Language.OperationType operation) => operation switch
    {
        Language.OperationType.Query => QueryType,
        Language.OperationType.Mutation => MutationType,
        _ => SubscriptionType,
    };
}
