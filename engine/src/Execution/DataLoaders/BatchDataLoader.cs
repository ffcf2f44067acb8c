namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Fetches one value per key, many keys at once.</summary>
public abstract class BatchDataLoader<TKey, TValue> : DataLoaderBase<TKey, TValue> where TKey : notnull
{
    /// <summary>The values by key; a key without an entry has the value null.</summary>
    protected abstract Task<IReadOnlyDictionary<TKey, TValue>> LoadBatchAsync(IReadOnlyList<TKey> keys, CancellationToken cancellation);

    protected sealed override async ValueTask FetchAsync(IReadOnlyList<TKey> keys, Memory<Result<TValue>> results, CancellationToken cancellation)
    {
        IReadOnlyDictionary<TKey, TValue> found = await LoadBatchAsync(keys, cancellation).ConfigureAwait(false);
        for (int i = 0; i < keys.Count; i++)
            results.Span[i] = Result<TValue>.Of(found.TryGetValue(keys[i], out TValue? value) ? value : default);
    }
}

/// <summary>Fetches several values per key, many keys at once. A key without values has an empty array.</summary>
public abstract class GroupedDataLoader<TKey, TValue> : DataLoaderBase<TKey, TValue[]> where TKey : notnull
{
    protected abstract Task<ILookup<TKey, TValue>> LoadGroupedBatchAsync(IReadOnlyList<TKey> keys, CancellationToken cancellation);

    protected sealed override async ValueTask FetchAsync(IReadOnlyList<TKey> keys, Memory<Result<TValue[]>> results, CancellationToken cancellation)
    {
        ILookup<TKey, TValue> found = await LoadGroupedBatchAsync(keys, cancellation).ConfigureAwait(false);
        for (int i = 0; i < keys.Count; i++)
            results.Span[i] = Result<TValue[]>.Of([.. found[keys[i]]]);
    }
}
