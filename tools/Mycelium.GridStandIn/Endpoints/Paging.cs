namespace Mycelium.GridStandIn.Endpoints;

/// <summary>The parameters of every list: <c>size</c> (50), <c>page</c> (1, counted from 1), <c>ret_count</c>, <c>sort_by</c>, <c>sort_order</c>.</summary>
internal sealed record Paging(int Page, int Size, bool ReturnsCount, string? SortBy, bool Descending)
{
    /// <summary>Our own limit, so that a mistake does not produce a gigabyte. GridProxy documents none.</summary>
    private const int SizeMax = 10_000;

    public int Offset => (Page - 1) * Size;

    public static bool Knows(string name) => name is "size" or "page" or "ret_count" or "sort_by" or "sort_order";

    public static Paging From(IQueryCollection query)
    {
        long page = Read(query, "page", 1, max: 1_000_000);
        long size = Read(query, "size", 50, max: SizeMax);
        string order = Text(query, "sort_order") ?? "asc";
        if (!Query.Same(order, "asc") && !Query.Same(order, "desc"))
            throw new BadQueryException($"sort_order: \"{order}\" is neither asc nor desc");
        bool count = Text(query, "ret_count") is { } wanted && Query.Truth(wanted, "ret_count");
        return new Paging((int)page, (int)size, count, Text(query, "sort_by"), Query.Same(order, "desc"));
    }

    private static long Read(IQueryCollection query, string name, long otherwise, long max)
    {
        long value = Text(query, name) is { } text ? Query.Whole(text, name) : otherwise;
        return value >= 1 && value <= max ? value : throw new BadQueryException($"{name} must be 1 to {max}");
    }

    /// <summary>An empty parameter counts as not given.</summary>
    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
}
