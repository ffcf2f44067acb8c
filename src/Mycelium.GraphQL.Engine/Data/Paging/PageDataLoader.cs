using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Loads the pages of a connection below many parents together: one statement for each place in the operation that selects it. Derive one for each
/// connection, and let its field ask it by <see cref="LoadAsync"/>.
/// </summary>
public abstract class PageDataLoader<TKey, T> : BatchDataLoader<PageKey<TKey, T>, Page<T>> where TKey : notnull
{
    private readonly SelectedQueries<T> queries = new();

    /// <summary>The page of one list, as the field at hand asks for it.</summary>
    public async Task<Page<T>> LoadAsync(TKey key, ResolverContext field)
    {
        PageQuery<T> query = queries.OfPage(field);
        return await LoadAsync(new PageKey<TKey, T>(key, query), field.RequestAborted).ConfigureAwait(false) ?? Page<T>.Empty;
    }

    /// <summary>The pages of several lists that are asked for alike; <see cref="BatchPaging"/> reads them in one statement.</summary>
    protected abstract Task<IReadOnlyDictionary<TKey, Page<T>>> LoadPagesAsync(IReadOnlyList<TKey> keys, PageQuery<T> query, CancellationToken cancellation);

    protected sealed override async Task<IReadOnlyDictionary<PageKey<TKey, T>, Page<T>>> LoadBatchAsync(
        IReadOnlyList<PageKey<TKey, T>> keys, CancellationToken cancellation)
    {
        var pages = new Dictionary<PageKey<TKey, T>, Page<T>>();
        foreach ((PageQuery<T> query, TKey[] alike) in PageKey<TKey, T>.ByQuery(keys))
        {
            foreach ((TKey key, Page<T> page) in await LoadPagesAsync(alike, query, cancellation).ConfigureAwait(false))
                pages.Add(new PageKey<TKey, T>(key, query), page);
        }
        return pages;
    }
}

/// <summary>One list, and what is asked of it.</summary>
public readonly record struct PageKey<TKey, T>(TKey Key, PageQuery<T> Query)
{
    /// <summary>The keys that are asked for alike, together.</summary>
    internal static IEnumerable<(PageQuery<T> Query, TKey[] Keys)> ByQuery(IReadOnlyList<PageKey<TKey, T>> keys)
    {
        PageQuery<T> first = keys[0].Query;
        var alike = new TKey[keys.Count];
        for (int i = 0; i < alike.Length; i++)
        {
            if (keys[i].Query != first) // The field stands at several places of the operation.
                return keys.GroupBy(key => key.Query, key => key.Key).Select(group => (group.Key, group.ToArray()));
            alike[i] = keys[i].Key;
        }
        return [(first, alike)];
    }
}
