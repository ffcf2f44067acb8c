using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

internal enum ShapeKind { Leaf, Object, Abstract, List }

/// <summary>
/// A field's type, decomposed for <see href="https://spec.graphql.org/September2025/#CompleteValue()"/>: one shape for each list around the named
/// type.
/// </summary>
internal sealed class TypeShape
{
    private TypeShape(GraphQLType type, FieldPlan field, ShapeKind kind)
    {
        Type = type.Nullable;
        IsNonNull = type.IsNonNull;
        Field = field;
        Kind = kind;
    }

    public GraphQLType Type { get; }
    public bool IsNonNull { get; }
    public ShapeKind Kind { get; }
    public FieldPlan Field { get; }

    /// <summary>For a list: its items.</summary>
    public TypeShape? Item { get; private init; }

    /// <summary>For a leaf: how it is written.</summary>
    public LeafWriter? Leaf { get; private init; }

    /// <summary>For an object: its fields.</summary>
    public SelectionSetPlan? Set { get; private init; }

    /// <summary>
    /// Whether something below may have to be resolved before writing; for an interface or union this is only known for the types that appear.
    /// </summary>
    public bool NeedsWalk { get; private init; }

    /// <summary>For a streamed list: how it is streamed.</summary>
    public StreamUsage? Stream { get; private init; }

    /// <param name="stream">For the field; items of items are not streamed.</param>
    public static TypeShape Of(GraphQLType type, FieldPlan field, OperationCompiler compiler, StreamUsage? stream)
    {
        switch (type.Nullable)
        {
            case ListType list:
                TypeShape item = Of(list.Of, field, compiler, stream: null);
                return new TypeShape(type, field, ShapeKind.List) { Item = item, Stream = stream, NeedsWalk = item.NeedsWalk || stream is not null };
            case ObjectType @object:
                SelectionSetPlan set = field.SetFor(@object);
                return new TypeShape(type, field, ShapeKind.Object) { Set = set, NeedsWalk = !set.IsPure };
            case InterfaceType or UnionType:
                return new TypeShape(type, field, ShapeKind.Abstract) { NeedsWalk = true };
            default:
                return new TypeShape(type, field, ShapeKind.Leaf) { Leaf = compiler.WriterOf(type.Named) };
        }
    }
}
