using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

public static class DataLoaderExtensions
{
    /// <summary>The value of a key that must have one, such as what a foreign key points at.</summary>
    /// <exception cref="KeyNotFoundException">It has none.</exception>
    public static async Task<TValue> LoadRequiredAsync<TKey, TValue>(this IDataLoader<TKey, TValue> loader, TKey key, CancellationToken cancellation = default)
        where TKey : notnull where TValue : class
    {
        ArgumentNullException.ThrowIfNull(loader);
        return await loader.LoadAsync(key, cancellation).ConfigureAwait(false)
            ?? throw new KeyNotFoundException($"There is no {typeof(TValue).Name} of key {key}.");
    }
}
