using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>What fields, arguments and input fields share, so that one collection serves all.</summary>
public interface INamed
{
    string Name { get; }
}

/// <summary>Members in the order of their definition, found by name in constant time.</summary>
public sealed class FieldCollection<T>(IReadOnlyList<T> fields) : IReadOnlyList<T> where T : class, INamed
{
    private readonly FrozenDictionary<string, int> indexes = fields.Index().DistinctBy(field => field.Item.Name)
        .ToFrozenDictionary(field => field.Item.Name, field => field.Index, StringComparer.Ordinal);

    public static FieldCollection<T> Empty { get; } = new([]);
    public int Count => fields.Count;
    public T this[int index] => fields[index];

    /// <summary>The position of the member of that name, or -1.</summary>
    public int IndexOf(string name) => indexes.TryGetValue(name, out int index) ? index : -1;

    public T? Find(string name) => indexes.TryGetValue(name, out int index) ? fields[index] : null;
    public bool TryGet(string name, [NotNullWhen(true)] out T? field) => (field = Find(name)) is not null;
    public IEnumerator<T> GetEnumerator() => fields.GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>An output field of an object or interface.</summary>
public sealed class FieldDefinition(string name, GraphQLType type) : INamed
{
    public string Name { get; } = name;
    public GraphQLType Type { get; } = type;
    public string? Description { get; internal set; }
    public string? DeprecationReason { get; internal set; }
    public FieldCollection<InputValueDefinition> Arguments { get; internal set; } = FieldCollection<InputValueDefinition>.Empty;
    internal IReadOnlyList<DirectiveNode> Directives { get; set; } = [];
    public ComplexType DeclaringType { get; internal set; } = null!;

    /// <summary>
    /// Reads the field's value from its parent: quick, synchronous, without arguments, effects or services. The executor calls it while it writes the
    /// answer, so that a plain property costs neither a task nor a context. A field has this or <see cref="Resolver"/>.
    /// </summary>
    public Func<object, object?>? PureResolver { get; internal set; }

    /// <summary>Resolves the field with arguments, services and I/O.</summary>
    public FieldDelegate? Resolver { get; internal set; }

    /// <summary>For a root field of the subscription type: starts its source stream. The events become the parent of the field's resolver.</summary>
    public SubscribeDelegate? Subscribe { get; internal set; }

    /// <summary>The property that the field shows, where it shows one as it is: what filters, orders and projections are made of.</summary>
    public PropertyInfo? Member { get; internal set; }

    /// <summary>Properties of the parent that the resolver reads beside <see cref="Member"/>: a projection keeps them.</summary>
    public IReadOnlyList<PropertyInfo> Requires { get; internal set; } = [];

    /// <summary>
    /// The property by which the parent holds the field's value already, if it was fetched along with it; the resolver is asked only when it was not.
    /// Only of fields that nothing guards.
    /// </summary>
    internal LoadedMember? Loaded { get; set; }

    /// <summary>What other parts of the engine have to say about this field, by the type of what they say.</summary>
    public IReadOnlyDictionary<Type, object> Features { get; internal set; } = FrozenDictionary<Type, object>.Empty;

    public T? Feature<T>() where T : class => (T?)Features.GetValueOrDefault(typeof(T));
}

/// <summary>An argument, or a field of an input object.</summary>
public sealed class InputValueDefinition(string name, GraphQLType type) : INamed
{
    /// <summary>Stands for "not given" where null means "given as null".</summary>
    public static object Absent { get; } = new();

    public string Name { get; } = name;
    public GraphQLType Type { get; } = type;
    public string? Description { get; internal set; }
    public string? DeprecationReason { get; internal set; }

    /// <summary>The default as a literal; null when there is none (a default of null is a <see cref="NullValueNode"/>).</summary>
    public ValueNode? DefaultValue { get; internal set; }

    internal IReadOnlyList<DirectiveNode> Directives { get; set; } = [];

    /// <summary>
    /// Turns the coerced value into what the resolver's parameter or the input class's property takes: a list into its collection type,
    /// an opaque id into the id's own type. Null when the coerced value fits as it is.
    /// </summary>
    /// <remarks>May throw <see cref="CoercionException"/>.</remarks>
    public Func<object?, object?>? Convert { get; internal set; }

    /// <summary>What is given is compared with values of the type and needs to be none of them: see <see cref="InexactOperand"/>.</summary>
    internal bool IsOperand { get; init; }

    /// <summary>Non-null and without default: must be given.</summary>
    public bool IsRequired => Type.IsNonNull && DefaultValue is null;
}

/// <summary>A directive that documents may use or definitions may carry.</summary>
internal sealed class DirectiveDefinition(string name, FieldCollection<InputValueDefinition> arguments, IReadOnlyList<string> locations) : INamed
{
    public string Name { get; } = name;
    public string? Description { get; internal set; }
    public FieldCollection<InputValueDefinition> Arguments { get; } = arguments;

    /// <summary>Names of <c>__DirectiveLocation</c>.</summary>
    public IReadOnlyList<string> Locations { get; } = locations;

    public bool IsRepeatable { get; internal set; }
    public bool IsBuiltIn { get; internal set; }
}
