using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Pages of many lists in one statement, such as the children of many parents.</summary>
public static class BatchPaging
{
    /// <summary>One page for each key that has items.</summary>
    /// <param name="source">The items of all lists.</param>
    /// <param name="keySelector">Returns the list that an item belongs to, such as <c>node => node.FarmId</c>.</param>
    public static Task<IReadOnlyDictionary<TKey, Page<T>>> ToBatchPageAsync<TKey, T>(
        this IQueryable<T> source, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, PagingArguments paging,
        CancellationToken cancellation = default) where TKey : notnull =>
        source.ToBatchPageAsync(keySelector, keys, PageQuery<T>.Of(paging), cancellation);

    /// <inheritdoc cref="ToBatchPageAsync{TKey, T}(IQueryable{T}, Expression{Func{T, TKey}}, IReadOnlyList{TKey}, PagingArguments, CancellationToken)"/>
    /// <remarks>A key whose page is empty because it lies after the last item also has an entry, with its item count.</remarks>
    public static async Task<IReadOnlyDictionary<TKey, Page<T>>> ToBatchPageAsync<TKey, T>(
        this IQueryable<T> source, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, PageQuery<T> query,
        CancellationToken cancellation = default) where TKey : notnull
    {
        if (StorePaging.TryReadPages(source, keySelector, keys as TKey[] ?? [.. keys], query, cancellation) is { } read)
            return await read.ConfigureAwait(false);
        (IQueryable<T> unordered, ItemOrder<T> order) = ItemOrder<T>.For(source, query.Order, query.Key);
        var cut = new PageCut<T>(query.Paging, order, query.Seal);
        IQueryable<BatchRow<TKey, T>> batch = query.Filtered(unordered.Where(IsAmong(keySelector, keys)))
            .GroupBy(keySelector)
            .Select(Selector<TKey, T>(cut, query, ItemSources.Of(source)));
        List<BatchRow<TKey, T>> rows = await batch.ToListAsync(cancellation).ConfigureAwait(false);
        return rows.ToDictionary(row => row.Key, row => cut.ToPage(row.Rows, row.TotalCount));
    }

    internal static Expression<Func<T, bool>> IsAmong<TKey, T>(Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys)
    {
        Expression among = Call(nameof(Enumerable.Contains), [typeof(TKey)], StoreParameter.Of(keys.ToArray(), typeof(TKey[])), keySelector.Body);
        return Expression.Lambda<Func<T, bool>>(among, keySelector.Parameters);
    }

    /// <summary>
    /// <c>list => new BatchRow { Key = list.Key, TotalCount = list.Count(), Rows = list.Where(bounds).OrderBy(…).Take(n).Select(row).ToList() }</c>
    /// </summary>
    private static Expression<Func<IGrouping<TKey, T>, BatchRow<TKey, T>>> Selector<TKey, T>(
        PageCut<T> cut, PageQuery<T> query, ItemSource source)
    {
        ParameterExpression list = Expression.Parameter(typeof(IGrouping<TKey, T>), "list");
        List<MemberBinding> bindings = [Bind(nameof(BatchRow<int, T>.Key), Expression.Property(list, nameof(IGrouping<TKey, T>.Key)))];
        if (query.Needs.TotalCount)
            bindings.Add(Bind(nameof(BatchRow<int, T>.TotalCount), Expression.Convert(Call(nameof(Enumerable.Count), [typeof(T)], list), typeof(int?))));
        if (query.Needs.Items)
        {
            Expression items = cut.Bounds.Aggregate((Expression)list, (at, bound) => Call(nameof(Enumerable.Where), [typeof(T)], at, bound));
            items = Ordered(items, cut.ReadOrder, source);
            items = Call(nameof(Enumerable.Take), [typeof(T)], items, StoreParameter.Of(cut.ReadCount, typeof(int)));
            LambdaExpression row = PageRow<T>.Selector(query.Projection, cut.Keys, query.Needs.Cursors, total: null);
            items = Call(nameof(Enumerable.Select), [typeof(T), typeof(PageRow<T>)], items, row);
            bindings.Add(Bind(nameof(BatchRow<int, T>.Rows), Call(nameof(Enumerable.ToList), [typeof(PageRow<T>)], items)));
        }
        Expression made = Expression.MemberInit(Expression.New(typeof(BatchRow<TKey, T>)), bindings);
        return Expression.Lambda<Func<IGrouping<TKey, T>, BatchRow<TKey, T>>>(made, list);

        static MemberAssignment Bind(string property, Expression value) => Expression.Bind(typeof(BatchRow<TKey, T>).GetProperty(property)!, value);
    }

    private static Expression Ordered<T>(Expression items, ItemOrder<T> order, ItemSource source)
    {
        string by = nameof(Enumerable.OrderBy);
        foreach (OrderKey key in order.Keys)
        {
            Type type = key.Selector.ReturnType;
            Expression[] arguments = source == ItemSource.Store ? [items, key.Selector] : [items, key.Selector, StoreOrder.ComparerOf(type)];
            items = Call(by + (key.IsDescending ? "Descending" : ""), [typeof(T), type], arguments);
            by = nameof(Enumerable.ThenBy);
        }
        return items;
    }

    private static MethodCallExpression Call(string method, Type[] types, params Expression[] arguments) =>
        Expression.Call(typeof(Enumerable), method, types, arguments);
}

/// <summary>What a statement for many pages returns for each list.</summary>
internal sealed class BatchRow<TKey, T>
{
    public TKey Key { get; set; } = default!;
    public int? TotalCount { get; set; }
    public List<PageRow<T>> Rows { get; set; } = [];
}
