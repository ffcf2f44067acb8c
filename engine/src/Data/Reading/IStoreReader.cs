namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Reads lists from a store faster than the query's own provider. It returns exactly the rows that the provider would, and leaves to the provider
/// what it does not support. Register one as a service; without it, the provider reads everything.
/// </summary>
public interface IStoreReader
{
    /// <summary>The rows of a list; null when the query's provider has to read them.</summary>
    Task<StoreRows<T>>? TryReadAsync<T>(StoreQuery<T> query, CancellationToken cancellation);
}

/// <summary>What a reader has read.</summary>
/// <param name="Items">In the requested order; for many lists, those of one key together.</param>
/// <param name="Lists">
/// For many lists: the list among <see cref="StoreKeys.Values"/> that each item belongs to, parallel to <paramref name="Items"/>.
/// </param>
/// <param name="TotalCount">The number of items in the whole list, if requested and if any row could carry it.</param>
public sealed record StoreRows<T>(T[] Items, IReadOnlyList<int> Lists, int? TotalCount);
