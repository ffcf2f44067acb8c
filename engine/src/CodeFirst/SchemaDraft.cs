using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Introspection;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>
/// The schema while it is built from classes. A named type exists as soon as something refers to it and gets its fields later, so that types can
/// refer to each other in cycles. Types whose fields depend on other types' fields come last.
/// </summary>
internal sealed class SchemaDraft : ITypeCompletion
{
    private readonly Queue<(string Coordinate, Action Work)> fields = [];
    private readonly Queue<Action> completions = [];
    private readonly HashSet<string> making = new(StringComparer.Ordinal);
    private readonly List<string> problems = [];
    private readonly InputConversions conversions;

    public SchemaDraft(TypeClasses classes, ClrBindings bindings, NodeTypes nodes, ResolverCompiler compiler, CostOptions costs)
    {
        Bindings = bindings;
        Classes = classes;
        Nodes = nodes;
        Compiler = compiler;
        Costs = new DefaultCosts(costs);
        conversions = new InputConversions(bindings);
        Fields = new ObjectFields(this);
        Inputs = new InputTypes(this);
        Rules = new InputRules(bindings);
        Named = new NamedTypes(this);
    }

    public TypeTable Types { get; } = IntrospectionTypes.NewTable();
    public ClrBindings Bindings { get; }
    public TypeClasses Classes { get; }
    public NodeTypes Nodes { get; }
    public ResolverCompiler Compiler { get; }
    public DefaultCosts Costs { get; }
    public XmlDescriptions Descriptions { get; } = new();
    public ObjectFields Fields { get; }
    public InputTypes Inputs { get; }
    public InputRules Rules { get; }
    public NamedTypes Named { get; }
    public IReadOnlyList<string> Problems => problems;

    public GraphQLType Resolve(TypeReference reference, bool isInput) => reference switch
    {
        TypeReference.Clr clr when ClrShape.Of(clr.Type) is var shape =>
            Wrapped(shape with { IsNullable = clr.IsNullable || shape.IsNullable }, isInput, isId: false),
        MemberTypeReference member => Wrapped(member.Shape, isInput, member.IsId),
        TypeReference.Notation notation => Written(Parser.ParseType(notation.Text), notation.Text),
        TypeReference.Made made => Wrapped(Made(made), made.IsList, made.IsNonNull),
        _ => throw new SchemaException($"{reference.GetType().Name} is not a type reference that this schema knows."),
    };

    public NamedType OutputTypeOf(Type clrType) => Named.Of(clrType, isInput: false);

    public Func<object?, object?>? InputConverter(Type clrType, string? idTypeName = null) =>
        conversions.To(ClrShape.Of(clrType), idTypeName is not null, idTypeName);

    public Func<object?, object?>? OperandConverter(Type clrType, string? idTypeName = null) => idTypeName is null && Bindings.FindFloor(clrType) is { } place
        ? value => value is null ? null : place(value)
        : InputConverter(clrType, idTypeName);

    /// <summary>The conversion for a place of the given type, if it needs one.</summary>
    public Func<object?, object?>? InputConverter(TypeReference reference) => reference switch
    {
        TypeReference.Clr clr => conversions.To(ClrShape.Of(clr.Type)),
        MemberTypeReference member => conversions.To(member.Shape, member.IsId, member.IdTypeName),
        _ => null,
    };

    public void WhenComplete(Action complete) => completions.Enqueue(complete);

    /// <summary>Queues the making of a type's fields.</summary>
    public void WhenItsTurn(string coordinate, Action work) => fields.Enqueue((coordinate, work));

    public void SetFields(ComplexType type, IEnumerable<FieldDescriptor> fields) =>
        type.Fields = new FieldCollection<FieldDefinition>(Each(type, fields, field => field.Name, field => FieldDefiner.Define(this, type, field)));

    public void SetFields(InputObjectType type, IEnumerable<ArgumentDescriptor> fields, Func<object?[], object>? create)
    {
        type.Fields = new FieldCollection<InputValueDefinition>(Each(type, fields, field => field.Name, field => FieldDefiner.Define(this, field)));
        type.Create = create;
    }

    /// <summary>Adds a named type and reserves its name.</summary>
    public T Add<T>(T type) where T : NamedType
    {
        if (!Types.TryAdd(type))
        {
            Type? other = Types.Find(type.Name)!.RuntimeType;
            throw new SchemaException($"{type.Name} is the name of two types{(other is null ? "" : $": {other.FullName} and {type.RuntimeType?.FullName}")}.");
        }
        return type;
    }

    /// <summary>Works until the queues are empty.</summary>
    public void Run()
    {
        while (true)
        {
            if (fields.TryDequeue(out (string Coordinate, Action Work) next))
                Report(next.Coordinate, next.Work);
            else if (completions.TryDequeue(out Action? complete))
                Report("schema", complete);
            else
                return;
        }
    }

    /// <summary>Records a problem with its coordinate and continues, so that a developer sees all problems at once.</summary>
    public void Report(string coordinate, Action work)
    {
        try
        {
            work();
        }
        catch (SchemaException exception)
        {
            problems.AddRange(exception.Problems.Select(problem => $"{coordinate}: {problem}"));
        }
    }

    private List<TDefinition> Each<TDescriptor, TDefinition>(
        NamedType type, IEnumerable<TDescriptor> descriptors, Func<TDescriptor, string> name, Func<TDescriptor, TDefinition> define)
    {
        var definitions = new List<TDefinition>();
        foreach (TDescriptor descriptor in descriptors)
            Report($"{type.Name}.{name(descriptor)}", () => definitions.Add(define(descriptor)));
        return definitions;
    }

    private NamedType Made(TypeReference.Made made)
    {
        if (Types.Find(made.Name) is { } found)
            return found;
        if (!making.Add(made.Name))
            throw new SchemaException($"{made.Name} is needed while it is made: fill its fields with {nameof(WhenComplete)}.");
        NamedType type = made.Make(this);
        making.Remove(made.Name);
        return Types.Find(made.Name) ?? Add(type);
    }

    private GraphQLType Wrapped(ClrShape shape, bool isInput, bool isId)
    {
        GraphQLType type = shape.Item is { } item ? new ListType(Wrapped(item, isInput, isId)) : isId ? Types.Find("ID")! : Named.Of(shape.Type, isInput);
        return shape.IsNullable ? type : new NonNullType(type);
    }

    private static GraphQLType Wrapped(NamedType type, bool isList, bool isNonNull)
    {
        GraphQLType wrapped = isList ? new ListType(new NonNullType(type)) : type;
        return isNonNull ? new NonNullType(wrapped) : wrapped;
    }

    private GraphQLType Written(TypeNode node, string text) => node switch
    {
        NonNullTypeNode nonNull => new NonNullType(Written(nonNull.Type, text)),
        ListTypeNode list => new ListType(Written(list.Type, text)),
        NamedTypeNode named => Types.Find(named.Name) ?? Named.Scalar(named.Name) ?? throw new SchemaException(
            $"the type {text} names {named.Name}, which is not part of the schema."),
        _ => throw new SchemaException($"{text} is not a type."),
    };
}
