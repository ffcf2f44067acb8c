using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>What a run rents: a number of rentals in a row on one node, then on the next, and so on in a cycle.</summary>
internal sealed record ShelfLoad(long[] Nodes, int InARow);

/// <summary>
/// The nodes to rent. Nodes get 256 slices, as many as a large server has. When a hot node is full, another one follows. Before each run,
/// the slices that have been rented are added to the capacity, so that every run has 256 free ones.
/// </summary>
internal sealed class Shelf
{
    private const int SlicesPerNode = 256;
    private const int HotCount = 800;
    public const int SpreadCount = 1_000;
    private readonly string connectionString;
    private readonly long[] nodes;

    private Shelf(string connectionString, long[] nodes) => (this.connectionString, this.nodes) = (connectionString, nodes);

    public static async Task<Shelf> StockAsync(string connectionString)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        return new Shelf(connectionString, await database.ScalarAsync<long[]>(
            "SELECT array_agg(id) FROM (SELECT id FROM nodes WHERE is_sellable ORDER BY id LIMIT $1) AS first", HotCount + SpreadCount));
    }

    /// <summary>All callers want the same node at a time.</summary>
    public Task<ShelfLoad> HotAsync() => RestockAsync(new ShelfLoad(nodes[..HotCount], SlicesPerNode));

    /// <summary>One rental per node, one node after the other.</summary>
    public Task<ShelfLoad> SpreadAsync() => RestockAsync(new ShelfLoad(nodes[HotCount..], 1));

    private async Task<ShelfLoad> RestockAsync(ShelfLoad load)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        await database.RunAsync(
            "UPDATE nodes SET slice_capacity = allocated_slices + $1, sync_sequence = sync_sequence + 1, version = version + 1 "
                + "WHERE id = ANY ($2) AND slice_capacity <> allocated_slices + $1", SlicesPerNode, load.Nodes);
        return load;
    }
}
