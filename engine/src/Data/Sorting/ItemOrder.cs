using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A total order of items: keys by rank.</summary>
internal sealed class ItemOrder<T>
{
    public ItemOrder(IReadOnlyList<OrderKey> keys) => Keys = keys;

    public IReadOnlyList<OrderKey> Keys { get; }

    /// <summary>
    /// The client's order if given, else the query's own, followed by the property that identifies items, so that no two items are equal. Also
    /// returns the query without its own order.
    /// </summary>
    public static (IQueryable<T> Unordered, ItemOrder<T> Order) For(IQueryable<T> query, IReadOnlyList<SortPath> requested, PropertyInfo? unique)
    {
        ItemSource source = ItemSources.Of(query);
        (IQueryable<T> unordered, List<OrderKey> keys) = QueryOrder.Split(query);
        if (requested.Count > 0)
            keys = [.. requested.Select(path => OrderKey.Of(typeof(T), path, source))];
        keys = [.. keys.DistinctBy(key => key.Name)];
        if (unique is not null)
        {
            int at = keys.FindIndex(key => key.Name == unique.Name);
            if (at < 0)
                keys.Add(OrderKey.Of(unique, typeof(T)));
            else
                keys.RemoveRange(at + 1, keys.Count - at - 1); // No items are equal after this key: further keys have no effect.
        }
        return (unordered, new ItemOrder<T>(keys));
    }

    public ItemOrder<T> Reversed => new([.. Keys.Select(key => key.Reversed)]);

    public IQueryable<T> Apply(IQueryable<T> query)
    {
        bool isFirst = true;
        foreach (OrderKey key in Keys)
        {
            query = (IQueryable<T>)query.Provider.CreateQuery(Call(query, key, isFirst));
            isFirst = false;
        }
        return query;
    }

    private static MethodCallExpression Call(IQueryable<T> query, OrderKey key, bool isFirst)
    {
        string method = (isFirst, key.IsDescending) switch
        {
            (true, false) => nameof(Queryable.OrderBy),
            (true, true) => nameof(Queryable.OrderByDescending),
            (false, false) => nameof(Queryable.ThenBy),
            _ => nameof(Queryable.ThenByDescending),
        };
        Type[] types = [typeof(T), key.Selector.ReturnType];
        UnaryExpression selector = Expression.Quote(key.Selector);
        return ItemSources.Of(query) == ItemSource.Store
            ? Expression.Call(typeof(Queryable), method, types, query.Expression, selector)
            : Expression.Call(typeof(Queryable), method, types, query.Expression, selector, StoreOrder.ComparerOf(key.Selector.ReturnType));
    }
}
