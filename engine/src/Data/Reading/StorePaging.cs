using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Pages and lists read by an <see cref="IStoreReader"/>, if there is one that supports the query.</summary>
internal static class StorePaging
{
    /// <summary>The page; null when the query's provider has to read it.</summary>
    public static Task<Page<T>>? TryReadPage<T>(IQueryable<T> source, PageQuery<T> query, CancellationToken cancellation)
    {
        // Cursors of a query's own order are read and written where that order is known.
        if (query.Reader is not { } reader || !query.Needs.Items || (query.Order.Count == 0 && QueryOrder.IsOrdered(source))
            || !TryState(query, out StoreCondition? filter))
        {
            return null;
        }
        var cut = new StoreCut<T>(query);
        Task<StoreRows<T>>? rows = reader.TryReadAsync(cut.Of(source, query, filter), cancellation);
        return rows is null ? null : ToPageAsync(rows, cut, source, query, cancellation);
    }

    /// <summary>The pages of many lists, by the positions of their keys; null when the query's provider has to read them.</summary>
    public static Task<IReadOnlyDictionary<TKey, Page<T>>>? TryReadPages<TKey, T>(
        IQueryable<T>? source, LambdaExpression keySelector, TKey[] keys, PageQuery<T> query, CancellationToken cancellation) where TKey : notnull
    {
        // A list whose page is empty must be reported too, and no row would do that: it has a count, or items before the page.
        if (query.Reader is not { } reader || !query.Needs.Items || query.Needs.TotalCount || !TryState(query, out StoreCondition? filter)
            || query.Paging.After is not null || query.Paging.Before is not null || KeyOf(keySelector) is not { } key)
        {
            return null;
        }
        var cut = new StoreCut<T>(query);
        Task<StoreRows<T>>? rows = reader.TryReadAsync(cut.Of(source, query, filter) with { Keys = new StoreKeys(key, keys) }, cancellation);
        return rows is null ? null : ToPagesAsync(rows, cut, keys);
    }

    /// <summary>The items of a list that is not paged; null when the query's provider has to read them.</summary>
    public static Task<StoreRows<T>>? TryReadList<T>(IQueryable<T> source, PageQuery<T> query, int? take, CancellationToken cancellation)
    {
        if (query.Reader is not { } reader || !TryState(query, out StoreCondition? filter))
            return null;
        IReadOnlyList<StoreKey> order = query.Order.Count == 0 ? [] : StoreCut<T>.OrderOf(query.Order, ItemKeys.Find(typeof(T), query.KeyProperty));
        return reader.TryReadAsync(new StoreQuery<T>(source) { Filter = filter, Order = order, Take = take, Members = query.Members }, cancellation);
    }

    /// <summary>The items of many lists that are not paged; null when the query's provider has to read them.</summary>
    public static Task<StoreRows<T>>? TryReadLists<TKey, T>(
        IQueryable<T>? source, LambdaExpression keySelector, TKey[] keys, PageQuery<T> query, CancellationToken cancellation) where TKey : notnull
    {
        if (query.Reader is not { } reader || !TryState(query, out StoreCondition? filter) || KeyOf(keySelector) is not { } key)
            return null;
        return reader.TryReadAsync(
            new StoreQuery<T>(source)
            {
                Filter = filter,
                Order = StoreCut<T>.OrderOf(query.Order, query.Key),
                Members = query.Members,
                Keys = new StoreKeys(key, keys),
            },
            cancellation);
    }

    /// <summary>The property that a selector names; null when the selector does more than that.</summary>
    public static PropertyInfo? KeyOf(LambdaExpression selector) =>
        selector.Body is MemberExpression { Member: PropertyInfo key } body && body.Expression == selector.Parameters[0] ? key : null;

    private static bool TryState<T>(PageQuery<T> query, out StoreCondition? filter)
    {
        filter = null;
        return query.Filter is null || StoreConditions.TryState(query.Filter.Node, out filter);
    }

    private static async Task<Page<T>> ToPageAsync<T>(
        Task<StoreRows<T>> reading, StoreCut<T> cut, IQueryable<T> source, PageQuery<T> query, CancellationToken cancellation)
    {
        StoreRows<T> rows = await reading.ConfigureAwait(false);
        int? totalCount = !query.Needs.TotalCount ? null
            : rows.TotalCount ?? (cut.Bounds is null ? 0 : await query.Filtered(source).CountAsync(cancellation).ConfigureAwait(false));
        return cut.ToPage(rows.Items, totalCount);
    }

    private static async Task<IReadOnlyDictionary<TKey, Page<T>>> ToPagesAsync<TKey, T>(Task<StoreRows<T>> reading, StoreCut<T> cut, TKey[] keys)
        where TKey : notnull
    {
        StoreRows<T> rows = await reading.ConfigureAwait(false);
        var pages = new Dictionary<TKey, Page<T>>();
        for (int start = 0, end; start < rows.Items.Length; start = end)
        {
            int list = rows.Lists[start];
            for (end = start + 1; end < rows.Items.Length && rows.Lists[end] == list;)
                end++;
            pages.Add(keys[list], cut.ToPage(rows.Items.AsSpan(start, end - start), totalCount: null));
        }
        return pages;
    }
}
