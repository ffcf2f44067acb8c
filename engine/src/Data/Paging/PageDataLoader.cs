using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Loads the pages of a connection below many parents together, with one statement for each place in the operation that selects it. Derive one class
/// for each connection, and let its field call <see cref="LoadAsync"/>.
/// </summary>
public abstract class PageDataLoader<TKey, T> : DataLoaderBase<PageKey<TKey, T>, Page<T>> where TKey : notnull
{
    private readonly SelectedQueries<T> queries = new();

    /// <summary>The page of one list, as the field requests it.</summary>
    public Task<Page<T>> LoadAsync(TKey key, ResolverContext field) => // A fetch returns a page for each key.
        LoadAsync(new PageKey<TKey, T>(key, queries.OfPage(field)), field.RequestAborted)!;

    /// <summary>The pages of several lists with the same query; <see cref="BatchPaging"/> reads them in one statement.</summary>
    protected abstract Task<IReadOnlyDictionary<TKey, Page<T>>> LoadPagesAsync(IReadOnlyList<TKey> keys, PageQuery<T> query, CancellationToken cancellation);

    protected sealed override ValueTask FetchAsync(IReadOnlyList<PageKey<TKey, T>> keys, Memory<Result<Page<T>>> results, CancellationToken cancellation) =>
        PageKey<TKey, T>.FetchAsync(keys, LoadPagesAsync, Page<T>.Empty, results, cancellation);
}

/// <summary>One list and its query.</summary>
public readonly record struct PageKey<TKey, T>(TKey Key, PageQuery<T> Query)
{
    /// <summary>Loads keys with the same query together. A key without a result gets <paramref name="nothing"/>.</summary>
    internal static async ValueTask FetchAsync<TFound>(
        IReadOnlyList<PageKey<TKey, T>> keys,
        Func<IReadOnlyList<TKey>, PageQuery<T>, CancellationToken, Task<IReadOnlyDictionary<TKey, TFound>>> load, TFound nothing,
        Memory<Result<TFound>> results, CancellationToken cancellation)
    {
        // Nearly always one query: more when the field is selected in several places of the operation.
        foreach (PageQuery<T> query in keys.Select(key => key.Query).Distinct())
        {
            TKey[] alike = [.. keys.Where(key => key.Query == query).Select(key => key.Key)];
            IReadOnlyDictionary<TKey, TFound> found = await load(alike, query, cancellation).ConfigureAwait(false);
            for (int i = 0; i < keys.Count; i++)
            {
                if (keys[i].Query == query)
                    results.Span[i] = Result<TFound>.Of(found.TryGetValue(keys[i].Key, out TFound? list) ? list : nothing);
            }
        }
    }
}
