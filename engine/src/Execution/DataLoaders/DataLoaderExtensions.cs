using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

public static class DataLoaderExtensions
{
    /// <summary>The value of a key that must have one, such as the target of a foreign key.</summary>
    /// <exception cref="KeyNotFoundException">There is no value.</exception>
    public static async Task<TValue> LoadRequiredAsync<TKey, TValue>(this IDataLoader<TKey, TValue> loader, TKey key, CancellationToken cancellation = default)
        where TKey : notnull where TValue : class
    {
        ArgumentNullException.ThrowIfNull(loader);
        return await loader.LoadAsync(key, cancellation).ConfigureAwait(false)
            ?? throw new KeyNotFoundException($"There is no {typeof(TValue).Name} with key {key}.");
    }
}
