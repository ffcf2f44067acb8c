using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Where a page starts and ends in a list that a reader reads, and the page made from its rows: the counterpart of <see cref="PageCut{T}"/> for a
/// query's provider.
/// </summary>
internal sealed class StoreCut<T>
{
    private readonly PagingArguments paging;
    private readonly IReadOnlyList<StoreKey> order;
    private readonly ICursorSeal? seal;
    private CursorFormat? cursors;

    /// <exception cref="Errors.GraphQLException">A cursor does not belong to this list in this order.</exception>
    public StoreCut(PageQuery<T> query)
    {
        paging = query.Paging;
        seal = query.Seal;
        order = OrderOf(query.Order, query.Key);
        if (paging.After is { } after)
            Bounds = StoreConditions.Behind(order, Cursors.Read("after", after));
        if (paging.Before is { } before)
            Bounds = StoreCondition.Both(Bounds, StoreConditions.Behind(Reversed(), Cursors.Read("before", before)));
    }

    public StoreCondition? Bounds { get; }

    private CursorFormat Cursors => cursors ??= CursorFormat.Of(typeof(T), [.. order.Select(
        key => new CursorKey(string.Join('.', key.Path.Members.Select(member => member.Name)), key.Path.Type, key.Path.IsNullable, key.IsDescending))], seal);

    /// <summary>The client's order, ended by the item key, after which no items are equal.</summary>
    public static IReadOnlyList<StoreKey> OrderOf(IReadOnlyList<SortPath> requested, PropertyInfo? unique)
    {
        var keys = new List<StoreKey>(requested.Count + 1);
        foreach (SortPath path in requested)
        {
            PropertyInfo[] members = [.. path.Members.Select(member => member.Property!)];
            if (keys.Any(known => known.Path.Members.SequenceEqual(members)))
                continue;
            keys.Add(new StoreKey(new StorePath(members, path.Members.Any(member => member.IsNullable)), path.IsDescending));
            if (members.Length == 1 && members[0] == unique)
                return keys;
        }
        if (unique is not null)
            keys.Add(new StoreKey(new StorePath([unique], IsNullable: false), IsDescending: false));
        return keys;
    }

    public StoreQuery<T> Of(IQueryable<T>? source, PageQuery<T> query, StoreCondition? filter) => new(source)
    {
        Filter = filter,
        Bounds = Bounds,
        Order = paging.IsBackward ? Reversed() : order,
        Take = paging.Size + 1, // One more row than the page has shows whether the list continues.
        Members = query.Needs.Cursors ? (query.Members ?? StoreMembers.Whole).Including(order) : query.Members,
        HasTotalCount = query.Needs.TotalCount,
    };

    public Page<T> ToPage(ReadOnlySpan<T> rows, int? totalCount)
    {
        bool goesOn = rows.Length > paging.Size;
        int count = Math.Min(rows.Length, paging.Size);
        var items = new T[count];
        for (int i = 0; i < count; i++)
            items[paging.IsBackward ? count - 1 - i : i] = rows[i];
        bool hasNext = paging.IsBackward ? paging.Before is not null : goesOn || paging.Before is not null;
        bool hasPrevious = paging.IsBackward ? goesOn || paging.After is not null : paging.After is not null;
        return new Page<T>(items, hasNext, hasPrevious, index => Cursors.Write([.. order.Select(key => Read(key.Path, items[index]))]), totalCount);
    }

    private StoreKey[] Reversed() => [.. order.Select(key => key with { IsDescending = !key.IsDescending })];

    private static object? Read(StorePath path, object? item)
    {
        foreach (PropertyInfo member in path.Members)
            item = item is null ? null : TypeSystem.PropertyReader.Of(member)(item);
        return item;
    }
}
