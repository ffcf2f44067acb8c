using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A field of an operation with everything that does not depend on the request. Shared by all requests of the operation.</summary>
internal sealed class FieldPlan
{
    private readonly OperationCompiler compiler;
    private readonly FieldNode[] nodes;
    private readonly DeferUsage?[]? usages;
    private readonly DeferUsage[] delivering;
    private (ObjectType Type, SelectionSetPlan Set)[] setsByType = [];

    public FieldPlan(
        OperationCompiler compiler, FieldDefinition field, FieldNode[] nodes, ArgumentValues? constantArguments, bool isTypeName,
        Func<FieldPlan, StreamUsage>? stream, DeferUsage?[]? usages, DeferUsage[] delivering)
    {
        this.compiler = compiler;
        this.nodes = nodes;
        this.usages = usages;
        this.delivering = delivering;
        Field = field;
        ConstantArguments = constantArguments;
        IsTypeName = isTypeName;
        EncodedName = Encoding.UTF8.GetBytes($",\"{ResponseName}\":");
        Locations = [.. nodes.Select(node => node.Span.Location)];
        Stream = field.Type.Nullable is ListType ? stream?.Invoke(this) : null;
        Shape = TypeShape.Of(field.Type, this, compiler, Stream);
        Leaf = isTypeName || Shape.Kind != ShapeKind.Leaf ? null : compiler.MemberLeafOf(field);
        NeedsSlot = !isTypeName && (field.PureResolver is null || Shape.NeedsWalk);
    }

    public FieldDefinition Field { get; }
    public string ResponseName => nodes[0].ResponseName;

    /// <summary>Comma, name and colon in UTF-8; the first field of an object is written without the comma.</summary>
    public byte[] EncodedName { get; }

    /// <summary>All places of the document that select this field.</summary>
    public SourceLocation[] Locations { get; }

    public TypeShape Shape { get; }

    /// <summary>For a list whose items are streamed.</summary>
    public StreamUsage? Stream { get; }

    public bool IsTypeName { get; }

    /// <summary>The fast path for a leaf that is a property of its object; null if there is none.</summary>
    public MemberLeaf? Leaf { get; }

    /// <summary>Null when the arguments hold variables.</summary>
    public ArgumentValues? ConstantArguments { get; }

    /// <summary>Whether the field, or something below it, must be resolved before its object can be written.</summary>
    public bool NeedsSlot { get; }

    public ArgumentValues Coerce(IReadOnlyDictionary<string, object?> variables) =>
        ConstantArguments ?? ArgumentValues.Coerce(Field, nodes[0].Arguments, variables);

    /// <summary>Like <see cref="Coerce"/>, with one argument given by the request rather than by the document.</summary>
    public ArgumentValues CoerceWith(string argument, string value, IReadOnlyDictionary<string, object?> variables) => ArgumentValues.Coerce(
        Field,
        [.. nodes[0].Arguments.Where(given => given.Name != argument), new ArgumentNode(nodes[0].Span, argument, new StringValueNode(nodes[0].Span, value))],
        variables);

    /// <summary>What an object of the type shows below this field.</summary>
    public SelectionSetPlan SetFor(ObjectType type)
    {
        foreach ((ObjectType known, SelectionSetPlan set) in Volatile.Read(ref setsByType))
        {
            if (known == type)
                return set;
        }
        SelectionSetPlan made = compiler.CompileBelow(type, nodes, usages, delivering);
        Volatile.Write(ref setsByType, [.. setsByType, (type, made)]); // Losing a race costs a second compilation, nothing else.
        return made;
    }
}
