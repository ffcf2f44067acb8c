using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Keyset pages of queries, each in one statement.</summary>
internal static class PagingExtensions
{
    /// <summary>A page in the query's own order, ended by the item key.</summary>
    public static Task<Page<T>> ToPageAsync<T>(this IQueryable<T> source, PagingArguments paging, CancellationToken cancellation = default) =>
        source.ToPageAsync(PageQuery<T>.Of(paging), cancellation);

    /// <summary>The page that a field requests: filtered, in the client's order or else the query's own, with only what is selected.</summary>
    public static async Task<Page<T>> ToPageAsync<T>(this IQueryable<T> source, PageQuery<T> query, CancellationToken cancellation = default)
    {
        if (StorePaging.TryReadPage(source, query, cancellation) is { } read)
            return await read.ConfigureAwait(false);
        (IQueryable<T> unordered, ItemOrder<T> order) = ItemOrder<T>.For(source, query.Order, query.Key);
        IQueryable<T> filtered = query.Filtered(unordered);
        var cut = new PageCut<T>(query.Paging, order, query.Seal);
        List<PageRow<T>> rows = query.Needs.Items ? await Rows(filtered, cut, query).ToListAsync(cancellation).ConfigureAwait(false) : [];
        int? totalCount = !query.Needs.TotalCount ? null
            : rows.Count > 0 ? rows[0].TotalCount
            : query.Needs.Items && !cut.HasBounds ? 0
            : await filtered.CountAsync(cancellation).ConfigureAwait(false); // The page has no row to carry the count.
        return cut.ToPage(rows, totalCount);
    }

    private static IQueryable<PageRow<T>> Rows<T>(IQueryable<T> filtered, PageCut<T> cut, PageQuery<T> query)
    {
        IQueryable<T> page = cut.Bounds.Aggregate(filtered, (list, bound) => list.Where(bound));
        Expression? total = query.Needs.TotalCount ? Expression.Call(typeof(Queryable), nameof(Queryable.Count), [typeof(T)], filtered.Expression) : null;
        if (total is not null && ItemSources.Of(filtered) == ItemSource.Memory)
            total = Expression.Constant(filtered.Count()); // It would be counted again for each item.
        return cut.ReadOrder.Apply(page).Take(cut.ReadCount).Select(PageRow<T>.Selector(query.Projection, cut.Keys, query.Needs.Cursors, total));
    }
}
