namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>A type of a schema, or a list or non-null wrapper around one. <see cref="object.ToString"/> is its GraphQL notation: <c>[Int!]!</c>.</summary>
public abstract class GraphQLType
{
    /// <summary>The named type inside all wrappers.</summary>
    public abstract NamedType Named { get; }

    /// <summary>This type without its non-null wrapper, if it has one.</summary>
    public GraphQLType Nullable => this is NonNullType nonNull ? nonNull.Of : this;

    public bool IsNonNull => this is NonNullType;

    /// <summary><see href="https://spec.graphql.org/September2025/#IsInputType()"/></summary>
    public bool IsInputType => Named is ScalarType or EnumType or InputObjectType;

    /// <summary><see href="https://spec.graphql.org/September2025/#IsOutputType()"/></summary>
    public bool IsOutputType => Named is not InputObjectType;
}

public sealed class ListType(GraphQLType of) : GraphQLType
{
    public GraphQLType Of { get; } = of;
    public override NamedType Named => Of.Named;
    public override string ToString() => $"[{Of}]";
}

public sealed class NonNullType : GraphQLType
{
    public NonNullType(GraphQLType of)
    {
        if (of is NonNullType)
            throw new ArgumentException("A non-null type wraps a nullable type.", nameof(of));
        Of = of;
    }

    public GraphQLType Of { get; }
    public override NamedType Named => Of.Named;
    public override string ToString() => $"{Of}!";
}

/// <summary>A type with a name. Its parts are set while the schema is built and never change once the <see cref="Schema"/> exists.</summary>
public abstract class NamedType(string name) : GraphQLType
{
    public string Name { get; } = name;
    public string? Description { get; internal set; }

    /// <summary>Directives applied to the definition, such as <c>@cost</c>, except those with a property of their own.</summary>
    internal IReadOnlyList<Language.DirectiveNode> Directives { get; set; } = [];

    /// <summary>The CLR type of this type's values; null for a schema built from SDL.</summary>
    public Type? RuntimeType { get; internal set; }

    /// <summary>Part of the specification rather than of a service: the five scalars and everything that starts with <c>__</c>.</summary>
    public bool IsBuiltIn { get; internal set; }

    public override NamedType Named => this;
    public override string ToString() => Name;
}

/// <summary>A leaf with its own input and result coercion.</summary>
public abstract class ScalarType(string name) : NamedType(name)
{
    public Uri? SpecifiedBy { get; internal set; }

    /// <summary>Input coercion of a literal. Never receives null, a variable or, inside lists and objects, an unresolved variable.</summary>
    /// <exception cref="CoercionException">The literal is not a value of this type; the message says what is.</exception>
    public abstract object ParseLiteral(Language.ValueNode literal);

    /// <summary>Input coercion of a JSON value from the request's variables. Never receives null.</summary>
    /// <exception cref="CoercionException">The value is not of this type; the message says what is.</exception>
    public abstract object ParseJson(System.Text.Json.JsonElement json);

    /// <summary>
    /// Like <see cref="ParseLiteral"/>, for a value that is only used in comparisons: a value that can be ordered among the scalar's but is not one
    /// of them is an <see cref="InexactOperand"/>.
    /// </summary>
    /// <exception cref="CoercionException">The literal cannot be compared with values of this type.</exception>
    protected internal virtual object ParseOperand(Language.ValueNode literal) => ParseLiteral(literal);

    /// <summary>Like <see cref="ParseOperand(Language.ValueNode)"/>, for a JSON value.</summary>
    /// <exception cref="CoercionException">The value cannot be compared with values of this type.</exception>
    protected internal virtual object ParseOperand(System.Text.Json.JsonElement json) => ParseJson(json);

    /// <summary>Result coercion: writes <paramref name="value"/> as JSON.</summary>
    /// <exception cref="CoercionException">The value cannot be represented; nothing has been written.</exception>
    public abstract void Write(System.Text.Json.Utf8JsonWriter writer, object value);

    /// <summary>The literal that stands for an input value, for default values in introspection and SDL.</summary>
    public abstract Language.ValueNode ToLiteral(object value);
}

/// <summary>A value that does not have the expected type. The engine adds the path and turns it into a request error or an execution error.</summary>
public sealed class CoercionException(string message) : Exception(message)
{
    /// <summary>The message continues a sentence that begins with the name of the value, such as "must be a Rental ID".</summary>
    internal bool IsPredicate { get; init; }
}

public sealed class EnumType(string name) : NamedType(name)
{
    public IReadOnlyList<EnumValue> Values { get; internal set; } = [];
}

/// <param name="Name">The name in the schema.</param>
/// <param name="Value">The runtime value: the CLR enum's value, or the name itself in a schema made from SDL.</param>
public sealed record EnumValue(string Name, object Value)
{
    public string? Description { get; internal set; }
    public string? DeprecationReason { get; internal set; }
    internal IReadOnlyList<Language.DirectiveNode> Directives { get; set; } = [];
}

/// <summary>An object or an interface: a type with output fields.</summary>
public abstract class ComplexType(string name) : NamedType(name)
{
    public FieldCollection<FieldDefinition> Fields { get; internal set; } = FieldCollection<FieldDefinition>.Empty;
    public IReadOnlyList<InterfaceType> Interfaces { get; internal set; } = [];
}

public sealed class ObjectType(string name) : ComplexType(name);

public sealed class InterfaceType(string name) : ComplexType(name);

public sealed class UnionType(string name) : NamedType(name)
{
    public IReadOnlyList<ObjectType> Members { get; internal set; } = [];
}

public sealed class InputObjectType(string name) : NamedType(name)
{
    public FieldCollection<InputValueDefinition> Fields { get; internal set; } = FieldCollection<InputValueDefinition>.Empty;

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects"/></summary>
    public bool IsOneOf { get; internal set; }

    /// <summary>
    /// Makes the runtime value from the coerced fields: an array parallel to <see cref="Fields"/>, in which a field that was neither given nor has
    /// a default holds <see cref="InputValueDefinition.Absent"/>. Without it the value is a dictionary of the fields that are present.
    /// </summary>
    public Func<object?[], object>? Create { get; internal set; }

    /// <summary>The fields as alternatives, for messages: <c>`hours` and `months`</c>.</summary>
    internal string Alternatives
    {
        get
        {
            string[] names = [.. Fields.Select(alternative => $"`{alternative.Name}`")];
            return names.Length < 2 ? string.Concat(names) : $"{string.Join(", ", names[..^1])} and {names[^1]}";
        }
    }
}
