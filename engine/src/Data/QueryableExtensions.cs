namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Runs queries. Database queries are also <see cref="IAsyncEnumerable{T}"/>, which is all that the engine knows of them.</summary>
internal static class QueryableExtensions
{
    public static async Task<List<T>> ToListAsync<T>(this IQueryable<T> query, CancellationToken cancellation)
    {
        if (query is not IAsyncEnumerable<T> stream)
            return [.. query];
        var items = new List<T>();
        await foreach (T item in stream.WithCancellation(cancellation).ConfigureAwait(false))
            items.Add(item);
        return items;
    }

    /// <summary>Counts through a list of at most one count, since a plain count runs synchronously.</summary>
    public static async Task<int> CountAsync<T>(this IQueryable<T> query, CancellationToken cancellation)
    {
        List<int> counts = await query.GroupBy(_ => 1).Select(all => all.Count()).ToListAsync(cancellation).ConfigureAwait(false);
        return counts.Count == 0 ? 0 : counts[0];
    }
}
