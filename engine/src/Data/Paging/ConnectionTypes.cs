using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Builds the connection and edge types of paged fields.</summary>
internal static class ConnectionTypes
{
    public const string Edges = "edges";
    public const string Nodes = "nodes";
    public const string Node = "node";
    public const string Cursor = "cursor";
    public const string PageInfo = "pageInfo";
    public const string TotalCount = "totalCount";
    public const string HasNextPage = "hasNextPage";
    public const string HasPreviousPage = "hasPreviousPage";
    public const string StartCursor = "startCursor";
    public const string EndCursor = "endCursor";

    private static readonly TypeReference Text = new TypeReference.Clr(typeof(string));
    private static readonly TypeReference TextOrNull = new TypeReference.Clr(typeof(string), IsNullable: true);
    private static readonly TypeReference Count = new TypeReference.Clr(typeof(int));
    private static readonly TypeReference Flag = new TypeReference.Clr(typeof(bool));

    public static TypeReference.Made Reference(string name, Type elementType, bool hasTotalCount, bool isNullable) =>
        new($"{name}Connection", completion => Connection(completion, name, elementType, hasTotalCount), IsNonNull: !isNullable);

    private static ObjectType Connection(ITypeCompletion completion, string name, Type elementType, bool hasTotalCount)
    {
        var type = new ObjectType($"{name}Connection") { Description = "A page of a list.", RuntimeType = typeof(Connection<>).MakeGenericType(elementType) };
        var edges = new TypeReference.Made($"{name}Edge", inner => Edge(inner, name, elementType), IsNonNull: true, IsList: true);
        var info = new TypeReference.Made("PageInfo", Info, IsNonNull: true);
        var nodes = new TypeReference.Clr(typeof(IReadOnlyList<>).MakeGenericType(elementType));
        List<FieldDescriptor> fields =
        [
            Field<IConnection>(PageInfo, info, "Where the page is in the list.", connection => connection.PageInfo),
            Field<IConnection>(Edges, edges, "The items of the page, each with its cursor.", connection => connection.Edges),
            Field<IConnection>(Nodes, nodes, "The items of the page.", connection => connection.Nodes),
        ];
        if (hasTotalCount)
            fields.Add(Field<IConnection>(TotalCount, Count, "How many items the whole list has, after filtering.", connection => connection.TotalCount));
        completion.SetFields(type, fields);
        return type;
    }

    private static ObjectType Edge(ITypeCompletion completion, string name, Type elementType)
    {
        var type = new ObjectType($"{name}Edge")
        {
            Description = "An item and its cursor.",
            RuntimeType = typeof(Edge<>).MakeGenericType(elementType),
        };
        completion.SetFields(type,
        [
            Field<IEdge>(
                Cursor, Text, "The position of the item in the list, for `after` and `before`. Opaque, and only valid in the same order.",
                edge => edge.Cursor),
            Field<IEdge>(Node, new TypeReference.Clr(elementType), "The item.", edge => edge.Node),
        ]);
        return type;
    }

    private static ObjectType Info(ITypeCompletion completion)
    {
        var type = new ObjectType("PageInfo") { Description = "Where a page is in its list.", RuntimeType = typeof(PageInfo) };
        completion.SetFields(type,
        [
            Field<PageInfo>(HasNextPage, Flag, "Whether there are items after this page.", info => info.HasNextPage),
            Field<PageInfo>(HasPreviousPage, Flag, "Whether there are items before this page.", info => info.HasPreviousPage),
            Field<PageInfo>(StartCursor, TextOrNull, "The cursor of the first item on the page; null when the page is empty.", info => info.StartCursor),
            Field<PageInfo>(EndCursor, TextOrNull, "The cursor of the last item on the page; null when the page is empty.", info => info.EndCursor),
        ]);
        return type;
    }

    private static FieldDescriptor Field<TParent>(string name, TypeReference type, string description, Func<TParent, object?> read) =>
        new(name, type) { Description = description, PureResolver = parent => read((TParent)parent) };
}
