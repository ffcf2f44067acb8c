using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>What fields, arguments and input fields have in common, so that one collection works for all.</summary>
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
    /// Reads the field's value from its parent: fast, synchronous, without arguments, side effects or services. The executor calls it while it writes
    /// the response, so that a plain property needs neither a task nor a context. A field has either this or <see cref="Resolver"/>.
    /// </summary>
    public Func<object, object?>? PureResolver { get; internal set; }

    /// <summary>Resolves the field with arguments, services and I/O.</summary>
    public FieldDelegate? Resolver { get; internal set; }

    /// <summary>For a root field of the subscription type: starts its source stream. The events become the parent of the field's resolver.</summary>
    public SubscribeDelegate? Subscribe { get; internal set; }

    /// <summary>The property that the field shows unchanged, if any: filters, sort orders and projections are based on it.</summary>
    public PropertyInfo? Member { get; internal set; }

    /// <summary>Properties of the parent that the resolver reads in addition to <see cref="Member"/>: a projection includes them.</summary>
    public IReadOnlyList<PropertyInfo> Requires { get; internal set; } = [];

    /// <summary>
    /// The property in which the parent already holds the field's value, if it was fetched along with it; otherwise the resolver is called. Only for
    /// fields without access checks.
    /// </summary>
    internal LoadedMember? Loaded { get; set; }

    /// <summary>Data that other parts of the engine attach to this field, by its type.</summary>
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
    /// Converts the coerced value to the type of the resolver's parameter or the input class's property: a list to its collection type, an opaque id
    /// to the id's own type. Null when the coerced value fits as it is.
    /// </summary>
    /// <remarks>May throw <see cref="CoercionException"/>.</remarks>
    public Func<object?, object?>? Convert { get; internal set; }

    /// <summary>
    /// The given value is only compared with values of the type and does not have to be one of them: see <see cref="InexactOperand"/>.
    /// </summary>
    internal bool IsOperand { get; init; }

    /// <summary>Non-null and without a default: must be given.</summary>
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
