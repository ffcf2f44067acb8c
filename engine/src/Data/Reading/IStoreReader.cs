namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Reads lists of a store by a shorter way than the query's own provider has. It gives what the provider would give, row for row; what it does not know it
/// leaves to the provider. Register one as a service; without it, the provider reads everything.
/// </summary>
public interface IStoreReader
{
    /// <summary>The rows of a list; null when they are to be read by the query's provider.</summary>
    Task<StoreRows<T>>? TryReadAsync<T>(StoreQuery<T> query, CancellationToken cancellation);
}

/// <summary>What a reader has read.</summary>
/// <param name="Items">In the order that was asked for; of many lists, those of one key together.</param>
/// <param name="Lists">Of many lists: to which of <see cref="StoreKeys.Values"/> each item belongs, parallel to <paramref name="Items"/>.</param>
/// <param name="TotalCount">Items of the whole list, where it was asked for and any row could carry it.</param>
public sealed record StoreRows<T>(T[] Items, IReadOnlyList<int> Lists, int? TotalCount);
