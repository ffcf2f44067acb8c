namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A page as the schema shows it. <see href="https://relay.dev/graphql/connections.htm#sec-Connection-Types"/></summary>
public sealed class Connection<T>(Page<T> page) : IConnection
{
    private IReadOnlyList<Edge<T>>? edges;

    public IReadOnlyList<Edge<T>> Edges => edges ??= [.. page.Items.Select((_, index) => new Edge<T>(page, index))];
    public IReadOnlyList<T> Nodes => page.Items;
    public PageInfo PageInfo { get; } = new(page.HasNextPage, page.HasPreviousPage, page.Items.Count == 0 ? null : page.CursorAt, page.Items.Count - 1);

    /// <inheritdoc cref="Page{T}.TotalCount"/>
    public int? TotalCount => page.TotalCount;

    object IConnection.Edges => Edges;
    object IConnection.Nodes => Nodes;
}

/// <summary>An item of a page, with its position in the list.</summary>
public sealed class Edge<T>(Page<T> page, int index) : IEdge
{
    public T Node => page.Items[index];
    public string Cursor => page.CursorAt(index);
    object? IEdge.Node => Node;
}

/// <summary>Where a page is in its list. <see href="https://relay.dev/graphql/connections.htm#sec-undefined.PageInfo"/></summary>
public sealed class PageInfo
{
    private readonly Func<int, string>? cursorAt;
    private readonly int lastIndex;

    internal PageInfo(bool hasNextPage, bool hasPreviousPage, Func<int, string>? cursorAt, int lastIndex)
    {
        HasNextPage = hasNextPage;
        HasPreviousPage = hasPreviousPage;
        this.cursorAt = cursorAt;
        this.lastIndex = lastIndex;
    }

    public bool HasNextPage { get; }
    public bool HasPreviousPage { get; }

    /// <summary>Null when the page is empty.</summary>
    public string? StartCursor => cursorAt?.Invoke(0);

    /// <inheritdoc cref="StartCursor"/>
    public string? EndCursor => cursorAt?.Invoke(lastIndex);
}

/// <summary>A connection as its fields read it, regardless of the item type.</summary>
internal interface IConnection
{
    object Edges { get; }
    object Nodes { get; }
    PageInfo PageInfo { get; }
    int? TotalCount { get; }
}

/// <inheritdoc cref="IConnection"/>
internal interface IEdge
{
    object? Node { get; }
    string Cursor { get; }
}
