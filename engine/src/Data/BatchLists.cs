using System.Linq.Expressions;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Whole lists below many parents, or single items by their keys, in one statement; only what the operation selects is read.</summary>
public static class BatchLists
{
    /// <summary>All items of each key that has any, ordered by what tells items apart.</summary>
    /// <param name="source">The items of all lists.</param>
    /// <param name="keySelector">What says to which list an item belongs, such as <c>combination => combination.NodeId</c>.</param>
    public static async Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>> ToBatchListAsync<TKey, T>(
        this IQueryable<T> source, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, PageQuery<T> query,
        CancellationToken cancellation = default) where TKey : notnull
    {
        TKey[] asked = keys as TKey[] ?? [.. keys];
        if (StorePaging.TryReadLists(source, keySelector, asked, query, cancellation) is { } reading)
            return await ToListsAsync(reading, asked).ConfigureAwait(false);

        // Whole items: they say themselves to which list they belong.
        (IQueryable<T> unordered, ItemOrder<T> order) = ItemOrder<T>.For(source, query.Order, query.Key);
        List<T> items = await order.Apply(query.Filtered(unordered.Where(BatchPaging.IsAmong(keySelector, asked)))).ToListAsync(cancellation).ConfigureAwait(false);
        var lists = new Dictionary<TKey, IReadOnlyList<T>>(asked.Length);
        foreach (IGrouping<TKey, T> list in items.GroupBy(keySelector.Compile()))
            lists.Add(list.Key, [.. list]);
        return lists;
    }

    /// <summary>The same of all items that the store has, by the <see cref="IStoreReader"/> alone: null when they are to be read by a query's provider.</summary>
    public static Task<IReadOnlyDictionary<TKey, IReadOnlyList<T>>>? TryReadLists<TKey, T>(
        this PageQuery<T> query, Expression<Func<T, TKey>> keySelector, IReadOnlyList<TKey> keys, CancellationToken cancellation = default) where TKey : notnull
    {
        TKey[] asked = keys as TKey[] ?? [.. keys];
        return StorePaging.TryReadLists(source: null, keySelector, asked, query, cancellation) is { } reading ? ToListsAsync(reading, asked) : null;
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
/// Loads lists below many parents together: one statement for each place in the operation that selects them. Derive one for each list, and let its field ask
/// it by <see cref="LoadAsync"/>.
/// </summary>
public abstract class ListDataLoader<TKey, T> : DataLoaderBase<PageKey<TKey, T>, IReadOnlyList<T>> where TKey : notnull
{
    private readonly SelectedQueries<T> queries = new();

    /// <summary>The list of one key, with what the field at hand selects of it; empty when it has no items.</summary>
    public Task<IReadOnlyList<T>> LoadAsync(TKey key, ResolverContext field) => // A fetch has a list for each key.
        LoadAsync(new PageKey<TKey, T>(key, queries.Of(field.Selection, field.Services)), field.RequestAborted)!;

    /// <summary>
    /// Says that the field of this name below <paramref name="item"/> will ask for the list of <paramref name="key"/>, where the operation selects it once: it is
    /// fetched along with the item that it is below, rather than once that has come. Who the list is shown to is still decided by its own field.
    /// </summary>
    /// <param name="item">The field of a single object.</param>
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

/// <summary>Loads single items by their keys, with only what the operation selects of them; <see cref="ListDataLoader{TKey, T}"/> for lists of at most one.</summary>
public abstract class ItemDataLoader<TKey, T> : ListDataLoader<TKey, T> where TKey : notnull where T : class
{
    /// <summary>The item of a key; null when there is none.</summary>
    public async Task<T?> LoadItemAsync(TKey key, ResolverContext field) =>
        await LoadAsync(key, field).ConfigureAwait(false) is { Count: > 0 } list ? list[0] : null;
}
