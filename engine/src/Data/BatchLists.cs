using System.Linq.Expressions;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Whole lists below many parents, or single items by key, in one statement. Only what the operation selects is read.</summary>
public static class BatchLists
{
    /// <summary>All items of each key that has any, ordered by the item key.</summary>
    /// <param name="source">The items of all lists.</param>
    /// <param name="keySelector">Returns the list that an item belongs to, such as <c>combination => combination.NodeId</c>.</param>
    public static async Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>> ToBatchListAsync<TKey, T>(
        this IQueryable<T> source, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, PageQuery<T> query,
        CancellationToken cancellation = default) where TKey : notnull
    {
        TKey[] keyArray = keys as TKey[] ?? [.. keys];
        if (StorePaging.TryReadLists(source, keySelector, keyArray, query, cancellation) is { } reading)
            return await ToListsAsync(reading, keyArray).ConfigureAwait(false);

        // Whole items: they say which list they belong to.
        (IQueryable<T> unordered, ItemOrder<T> order) = ItemOrder<T>.For(source, query.Order, query.Key);
        List<T> items = await order.Apply(
            query.Filtered(unordered.Where(BatchPaging.IsAmong(keySelector, keyArray)))).ToListAsync(cancellation).ConfigureAwait(false);
        var lists = new Dictionary<TKey, IReadOnlyList<T>>(keyArray.Length);
        foreach (IGrouping<TKey, T> list in items.GroupBy(keySelector.Compile()))
            lists.Add(list.Key, [.. list]);
        return lists;
    }

    /// <summary>
    /// The same for all items in the store, read by the <see cref="IStoreReader"/> alone; null when the query's provider has to read them.
    /// </summary>
    public static Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>>? TryReadLists<TKey, T>(
        this PageQuery<T> query, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, CancellationToken cancellation = default) where TKey : notnull
    {
        TKey[] keyArray = keys as TKey[] ?? [.. keys];
        return StorePaging.TryReadLists(source: null, keySelector, keyArray, query, cancellation) is { } reading ? ToListsAsync(reading, keyArray) : null;
    }

    private static async Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>> ToListsAsync<TKey, T>(Task<StoreRows<T>> reading, TKey[] keys) where TKey : notnull
    {
        StoreRows<T> rows = await reading.ConfigureAwait(false);
        var lists = new Dictionary<TKey, IReadOnlyList<T>>(keys.Length);
        for (int start = 0, end; start < rows.Items.Length; start = end)
        {
            for (end = start + 1; end < rows.Items.Length && rows.Lists[end] == rows.Lists[start];)
                end++;
            lists.Add(keys[rows.Lists[start]], end - start == rows.Items.Length ? rows.Items : rows.Items[start..end]);
        }
        return lists;
    }
}

/// <summary>
/// Loads lists below many parents together, with one statement for each place in the operation that selects them. Derive one class for each list, and
/// let its field call <see cref="LoadAsync"/>.
/// </summary>
public abstract class ListDataLoader<TKey, T> : DataLoaderBase<PageKey<TKey, T>, IReadOnlyList<T>> where TKey : notnull
{
    private readonly SelectedQueries<T> queries = new();

    /// <summary>The list of one key, with what the field selects of it; empty when it has no items.</summary>
    public Task<IReadOnlyList<T>> LoadAsync(TKey key, ResolverContext field) => // A fetch returns a list for each key.
        LoadAsync(new PageKey<TKey, T>(key, queries.Of(field.Selection, field.Services)), field.RequestAborted)!;

    /// <summary>
    /// Announces that the field of this name below <paramref name="item"/> will need the list of <paramref name="key"/>, if the operation selects it
    /// once: the list is then fetched along with its parent item instead of afterwards. The field itself still decides who sees the list.
    /// </summary>
    /// <param name="item">A field with a single object.</param>
    public void LoadAhead(TKey key, ResolverContext item, string field)
    {
        if (item.Field.Type.Named is ObjectType type && item.Selection is RequestSelection above && above.Only(type, field) is { } below)
            _ = LoadAsync(new PageKey<TKey, T>(key, queries.Of(below, item.Services)), item.RequestAborted);
    }

    /// <summary>The lists of several keys; <see cref="BatchLists"/> reads them in one statement.</summary>
    protected abstract Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>> LoadListsAsync(
        IReadOnlyList<TKey> keys, PageQuery<T> query, CancellationToken cancellation);

    protected sealed override ValueTask FetchAsync(
        IReadOnlyList<PageKey<TKey, T>> keys, Memory<Result<IReadOnlyList<T>>> results, CancellationToken cancellation) =>
        PageKey<TKey, T>.FetchAsync(keys, LoadListsAsync, [], results, cancellation);
}

/// <summary>
/// Loads single items by their keys, with only what the operation selects of them. Use <see cref="ListDataLoader{TKey, T}"/> for lists of at most
/// one.
/// </summary>
public abstract class ItemDataLoader<TKey, T> : ListDataLoader<TKey, T> where TKey : notnull where T : class
{
    /// <summary>The item of a key; null when there is none.</summary>
    public async Task<T?> LoadItemAsync(TKey key, ResolverContext field) =>
        await LoadAsync(key, field).ConfigureAwait(false) is { Count: > 0 } list ? list[0] : null;
}
