namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Collects keys while resolvers run and fetches them together. One instance a request and type: it also caches for that long.</summary>
public interface IDataLoader;

/// <inheritdoc cref="IDataLoader"/>
public interface IDataLoader<TKey, TValue> : IDataLoader where TKey : notnull
{
    /// <summary>The value of one key; fetched together with the other keys that the request asks for before it has to wait.</summary>
    Task<TValue?> LoadAsync(TKey key, CancellationToken cancellation = default);

    /// <summary>The values of several keys, in their order.</summary>
    Task<IReadOnlyList<TValue?>> LoadAsync(IReadOnlyCollection<TKey> keys, CancellationToken cancellation = default);

    /// <summary>Puts a value that is known already into the cache, unless the key has been asked for before.</summary>
    void Set(TKey key, TValue? value);

    /// <summary>Forgets a key, so that the next <see cref="LoadAsync(TKey, CancellationToken)"/> fetches it anew.</summary>
    void Remove(TKey key);
}
