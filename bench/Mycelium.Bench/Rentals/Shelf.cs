using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// Which node the next rental is of. Nodes get 256 slices, as many as a large server has; a hot node that is full is followed by another one.
/// </summary>
internal sealed class Shelf
{
    private const int SlicesPerNode = 256;
    private const int HotCount = 800;
    public const int SpreadCount = 1_000;
    private readonly long[] hot;
    private readonly long[] spread;
    private int hotTaken;
    private int spreadTaken;

    private Shelf(long[] nodes) => (hot, spread) = (nodes[..HotCount], nodes[HotCount..]);

    public static async Task<Shelf> StockAsync(string connectionString)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        long[] nodes = await database.ScalarAsync<long[]>(
            "SELECT array_agg(id) FROM (SELECT id FROM nodes WHERE is_sellable ORDER BY id LIMIT $1) AS first", HotCount + SpreadCount);
        await database.RunAsync("UPDATE nodes SET slice_capacity = $1 WHERE id = ANY ($2)", SlicesPerNode, nodes);
        return new Shelf(nodes);
    }

    /// <summary>The one node that all want at the moment.</summary>
    public long NextHot() => hot[(Interlocked.Increment(ref hotTaken) - 1) / SlicesPerNode];

    /// <summary>One node after the other.</summary>
    public long NextSpread() => spread[(Interlocked.Increment(ref spreadTaken) - 1) % SpreadCount];
}
