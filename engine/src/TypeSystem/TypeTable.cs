using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>The named types of a schema under construction. The five specified scalars and introspection are included from the start.</summary>
internal sealed class TypeTable
{
    private readonly Dictionary<string, NamedType> byName = new(StringComparer.Ordinal);
    private readonly List<NamedType> added = [];
    private readonly SortedDictionary<string, NamedType> usedScalars = new(StringComparer.Ordinal);
    private readonly StringType text;
    private readonly BooleanType flag;
    private readonly IReadOnlyList<NamedType> introspection;
    private readonly IntrospectionFields introspectionFields;

    /// <param name="text">The table's <c>String</c>, which introspection uses.</param>
    /// <param name="flag">The table's <c>Boolean</c>, which introspection uses.</param>
    /// <param name="introspection">The types of introspection.</param>
    /// <param name="introspectionFields">The fields that lead to them.</param>
    public TypeTable(StringType text, BooleanType flag, IReadOnlyList<NamedType> introspection, IntrospectionFields introspectionFields)
    {
        this.text = text;
        this.flag = flag;
        this.introspection = introspection;
        this.introspectionFields = introspectionFields;
        usedScalars.Add(text.Name, text);
        usedScalars.Add(flag.Name, flag);
        foreach (NamedType type in introspection.Concat(usedScalars.Values))
            byName.Add(type.Name, type);
    }

    /// <summary>The types that were added, in order.</summary>
    public IReadOnlyList<NamedType> Added => added;

    /// <summary>False when there is another type with that name.</summary>
    public bool TryAdd(NamedType type)
    {
        if (BuiltInScalars.IsSpecified(type.Name) || !byName.TryAdd(type.Name, type))
            return false;
        added.Add(type);
        return true;
    }

    public NamedType? Find(string name)
    {
        if (byName.TryGetValue(name, out NamedType? found))
            return found;
        if (!BuiltInScalars.IsSpecified(name))
            return null;
        NamedType scalar = BuiltInScalars.Create(name)!;
        byName.Add(name, scalar);
        usedScalars.Add(name, scalar);
        return scalar;
    }

    /// <summary>The type of a notation, such as <c>[Int!]!</c>; null when its named type is unknown.</summary>
    public GraphQLType? Find(TypeNode type) => type switch
    {
        NonNullTypeNode nonNull => Find(nonNull.Type) is { } of ? new NonNullType(of) : null,
        ListTypeNode list => Find(list.Type) is { } of ? new ListType(of) : null,
        _ => Find(((NamedTypeNode)type).Name),
    };

    /// <summary>The built-in directives; a service's own follow them.</summary>
    public IReadOnlyList<DirectiveDefinition> BuiltInDirectives() => TypeSystem.BuiltInDirectives.Create(text, flag);

    public DirectiveDefinition DeferDirective() => IncrementalDirectives.CreateDefer(text, flag);

    public DirectiveDefinition StreamDirective() => IncrementalDirectives.CreateStream(text, flag, (IntType)Find("Int")!);

    /// <summary>The finished schema, checked.</summary>
    /// <exception cref="SchemaException">The schema breaks a rule of the specification.</exception>
    public Schema Complete(SchemaRoots roots, IReadOnlyList<NamedType> ordered, IReadOnlyList<DirectiveDefinition> directives)
    {
        var schema = new Schema(
            roots.Query, roots.Mutation, roots.Subscription, [.. ordered, .. usedScalars.Values, .. introspection], directives, roots.Description,
            introspectionFields)
        {
            AppliedDirectives = roots.Directives,
        };
        SchemaException.ThrowIfAny(SchemaValidator.Validate(schema));
        return schema;
    }
}

/// <summary>Where operations start, and the description of the schema as a whole.</summary>
internal sealed record SchemaRoots(ObjectType Query, ObjectType? Mutation = null, ObjectType? Subscription = null, string? Description = null)
{
    public IReadOnlyList<DirectiveNode> Directives { get; init; } = [];
}
