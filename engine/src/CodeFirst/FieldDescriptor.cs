using System.Reflection;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>An output field while the schema is built. Descriptor attributes change it; then it becomes a <see cref="FieldDefinition"/>.</summary>
internal sealed class FieldDescriptor(string name, TypeReference type)
{
    public string Name { get; set; } = name;
    public string? Description { get; set; }
    public string? DeprecationReason { get; set; }
    public TypeReference Type { get; set; } = type;
    public IList<ArgumentDescriptor> Arguments { get; } = [];

    /// <summary>The method or property that the field is made from, if any.</summary>
    public MemberInfo? Source { get; init; }

    /// <summary>What the resolver returns once awaited, such as <c>IQueryable&lt;GridNode&gt;</c>.</summary>
    public Type? ResultType { get; set; }

    /// <summary>The innermost resolver; null for a plain property.</summary>
    public FieldDelegate? Resolver { get; set; }

    /// <summary>
    /// Reads the value from the parent when nothing else is needed; see <see cref="FieldDefinition.PureResolver"/>. Set automatically when the source
    /// is a property.
    /// </summary>
    public Func<object, object?>? PureResolver { get; set; }

    /// <summary>Steps around the resolver; the first is the outermost.</summary>
    public IList<FieldMiddleware> Middleware { get; } = [];

    /// <summary>See <see cref="FieldDefinition.Subscribe"/>.</summary>
    public SubscribeDelegate? Subscribe { get; set; }

    /// <summary>See <see cref="FieldDefinition.Requires"/>.</summary>
    public IList<PropertyInfo> Requires { get; } = [];

    /// <summary>See <see cref="FieldDefinition.Features"/>.</summary>
    public IDictionary<Type, object> Features { get; } = new Dictionary<Type, object>();

    /// <summary>Directives on the definition.</summary>
    public IList<Language.DirectiveNode> Directives { get; } = [];

    internal DefaultCost DefaultCost { get; set; }

    internal ListSizeAttribute? DefaultListSize { get; set; }
}

/// <summary>An argument or input field while the schema is built.</summary>
internal sealed class ArgumentDescriptor(string name, TypeReference type)
{
    public string Name { get; set; } = name;
    public string? Description { get; set; }
    public string? DeprecationReason { get; set; }
    public TypeReference Type { get; set; } = type;
    public Language.ValueNode? DefaultValue { get; set; }

    /// <summary>See <see cref="InputValueDefinition.Convert"/>; found automatically when the type is given as a CLR type.</summary>
    public Func<object?, object?>? Convert { get; set; }

    /// <summary>Directives on the definition.</summary>
    public IList<Language.DirectiveNode> Directives { get; } = [];

    internal DefaultCost DefaultCost { get; init; }

    /// <summary>See <see cref="InputValueDefinition.IsOperand"/>.</summary>
    internal bool IsOperand { get; init; }

    /// <summary>What attributes require of the value, if anything.</summary>
    internal ValueRules? Rules { get; init; }

    internal ArgumentDescriptor With(IEnumerable<Language.DirectiveNode> directives)
    {
        foreach (Language.DirectiveNode directive in directives)
            Directives.Add(directive);
        return this;
    }
}

/// <summary>A type to be found or made once the schema is complete.</summary>
internal abstract record TypeReference
{
    /// <summary>
    /// The GraphQL type of a CLR type. It is nullable if <paramref name="IsNullable"/> says so; its generic arguments count as non-null.
    /// </summary>
    public sealed record Clr(Type Type, bool IsNullable = false) : TypeReference;

    /// <summary>A type by its notation, such as <c>[Int!]!</c>; the named type must be part of the schema.</summary>
    public sealed record Notation(string Text) : TypeReference;

    /// <summary>
    /// A named type that is made when first needed, from the schema under construction; the same <paramref name="Name"/> is made only once.
    /// <paramref name="IsNonNull"/> and <paramref name="IsList"/> wrap it: <c>[Name!]</c> for a list.
    /// </summary>
    public sealed record Made(string Name, Func<ITypeCompletion, NamedType> Make, bool IsNonNull = false, bool IsList = false) : TypeReference;
}

/// <summary>The schema while it is built, as a <see cref="TypeReference.Made"/> may use it.</summary>
internal interface ITypeCompletion
{
    /// <summary>The GraphQL type of a reference; a new named type is registered and completed later.</summary>
    GraphQLType Resolve(TypeReference reference, bool isInput);

    /// <summary>The named output type of a CLR type.</summary>
    NamedType OutputTypeOf(Type clrType);

    /// <summary>
    /// Converts a coerced input value to a value of <paramref name="clrType"/>, so that it can be compared with a property of that type: a decimal to
    /// a bound unit, an opaque id to an id of the object type <paramref name="idTypeName"/>. Null when the coerced value already has that type.
    /// </summary>
    Func<object?, object?>? InputConverter(Type clrType, string? idTypeName = null);

    /// <summary>
    /// Like <see cref="InputConverter"/>, for a value that is only used in comparisons: an <see cref="InexactOperand"/> when no value of
    /// <paramref name="clrType"/> equals it.
    /// </summary>
    Func<object?, object?>? OperandConverter(Type clrType, string? idTypeName = null);

    /// <summary>
    /// Runs once the fields of all types known so far are complete; it may create further types, which are completed afterwards. Fill the fields of a
    /// made type here when they depend on the fields of another type.
    /// </summary>
    void WhenComplete(Action complete);

    void SetFields(ComplexType type, IEnumerable<FieldDescriptor> fields);
    void SetFields(InputObjectType type, IEnumerable<ArgumentDescriptor> fields, Func<object?[], object>? create);
}
