using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>
/// A node at an instant of the database's clock, taken after its row lock was granted: a transaction's own clock does not advance while it waits.
/// </summary>
internal sealed record NodeAt(GridNode Node, DateTimeOffset Now);

/// <summary>The statements that operations on nodes share.</summary>
internal static class NodeStatements
{
    /// <summary>Locks nodes in the order that everybody keeps.</summary>
    public static NpgsqlBatch ThenLockNodes(this NpgsqlBatch batch, long[] ids) =>
        batch.Then("SELECT FROM nodes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", ids);

    /// <summary>Locks those nodes that no other transaction has locked, and returns their ids.</summary>
    public static NpgsqlBatch ThenLockFreeNodes(this NpgsqlBatch batch, long[] ids) =>
        batch.Then("SELECT id FROM nodes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", ids);

    /// <summary>Reads a node with its farm. A statement after the lock, so that it sees what was committed while we waited.</summary>
    public static NpgsqlBatch ThenReadNode(this NpgsqlBatch batch, NodeId id) => batch.Then(
        """
        SELECT (to_jsonb(node) || jsonb_build_object('farm', to_jsonb(farm)))::text, market_now()
        FROM nodes AS node JOIN farms AS farm ON farm.id = node.farm_id WHERE node.id = $1
        """, id.Value);

    public static async Task<NodeAt?> ReadNodeAsync(this NpgsqlDataReader reader, CancellationToken cancellation) =>
        (await reader.RowsAsync(row => new NodeAt(RowJson.Read<GridNode>(row.GetString(0)), row.GetFieldValue<DateTimeOffset>(1)), cancellation)
            .ConfigureAwait(false)).SingleOrDefault();

    /// <summary>Writes what a farmer decides; nothing when the row is not of the version that was decided on, which the lock rules out.</summary>
    public static NpgsqlBatch ThenWriteDecision(this NpgsqlBatch batch, GridNode node, long readVersion) => batch.Then(
        "UPDATE nodes SET farmer_id = $3, is_published = $4, price_per_slice = $5, version = $6 WHERE id = $1 AND version = $2",
        node.Id.Value, readVersion, node.FarmerId!.Value.Value, node.IsPublished, node.PricePerSlice.Value, node.Version);
}
