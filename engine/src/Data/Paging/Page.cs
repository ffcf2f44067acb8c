namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A part of a sorted list. The resolver of a <c>[UsePaging]</c> field may return one that it has made itself.</summary>
public sealed class Page<T>
{
    private readonly Func<int, string> cursorAt;

    internal Page(IReadOnlyList<T> items, bool hasNextPage, bool hasPreviousPage, Func<int, string> cursorAt, int? totalCount)
    {
        Items = items;
        HasNextPage = hasNextPage;
        HasPreviousPage = hasPreviousPage;
        TotalCount = totalCount;
        this.cursorAt = cursorAt;
    }

    public static Page<T> Empty { get; } = new([], false, false, _ => "", 0);

    public IReadOnlyList<T> Items { get; }
    public bool HasNextPage { get; }
    public bool HasPreviousPage { get; }

    /// <summary>The number of items in the whole list; null unless requested.</summary>
    public int? TotalCount { get; }

    /// <summary>
    /// A page of a list that is sorted and cut by other means; <paramref name="cursorOf"/> makes the cursors that clients send back as <c>after</c>
    /// and <c>before</c>.
    /// </summary>
    public static Page<T> Of(IReadOnlyList<T> items, bool hasNextPage, bool hasPreviousPage, Func<T, string> cursorOf, int? totalCount = null) =>
        new(items, hasNextPage, hasPreviousPage, index => cursorOf(items[index]), totalCount);

    /// <summary>The opaque position of the item in the list.</summary>
    public string CursorAt(int index) => cursorAt(index);

    public Connection<T> ToConnection() => new(this);
}
