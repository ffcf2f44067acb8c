namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>
/// Collects keys while resolvers run and fetches them together. There is one instance per request and type, which also caches for that long.
/// </summary>
public interface IDataLoader;

/// <inheritdoc cref="IDataLoader"/>
public interface IDataLoader<TKey, TValue> : IDataLoader where TKey : notnull
{
    /// <summary>The value of one key, fetched together with the other keys that the request needs before it has to wait.</summary>
    Task<TValue?> LoadAsync(TKey key, CancellationToken cancellation = default);

    /// <summary>The values of several keys, in order.</summary>
    Task<IReadOnlyList<TValue?>> LoadAsync(IReadOnlyCollection<TKey> keys, CancellationToken cancellation = default);

    /// <summary>Puts a known value into the cache, unless the key has already been requested.</summary>
    void Set(TKey key, TValue? value);

    /// <summary>Forgets a key, so that the next <see cref="LoadAsync(TKey, CancellationToken)"/> fetches it again.</summary>
    void Remove(TKey key);
}
