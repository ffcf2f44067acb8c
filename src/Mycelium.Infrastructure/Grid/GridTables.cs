using System.Text.Json;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// The sync's statements: each takes a whole page as one JSON parameter. They write observed columns only; allocation, price and publication are never
/// named. Events and the market's rows follow by trigger. Rows are taken by id, so that two writers of many rows meet in the same order.
/// </summary>
internal static class GridTables
{
    /// <summary>A little more than <see cref="SyncLease"/> lets a statement take, so that the server gives up first.</summary>
    private const int CommandTimeoutSeconds = 35;

    private static readonly string[] FarmColumns =
        ["name", "twin_id", "certification", "is_dedicated", "public_ip_count", "free_public_ip_count", "stellar_address", "capacity_as_of"];

    private static readonly string[] NodeColumns =
    [
        "farm_id", "twin_id", "country", "country_code", "region", "city", "latitude", "longitude", "status", "certification", "is_dedicated",
        "rented_by_twin_id", "is_rented_on_grid", "doubted_since", "is_healthy", "gpu_count", "gpus", "features", "total_cores", "total_memory_bytes",
        "total_ssd_bytes", "total_hdd_bytes",
        "used_cores", "used_memory_bytes", "used_ssd_bytes", "used_hdd_bytes", "upload_mbps", "download_mbps", "uptime_seconds", "uptime_percent",
        "serial_number", "grid_created_at", "last_report_at", "capacity_as_of", "missed_passes", "slice_capacity", "sync_sequence",
    ];

    private static readonly string WriteFarmsSql =
        $"""
        INSERT INTO farms (id, grid, {Names(FarmColumns)})
        SELECT id, grid, {Names(FarmColumns)} FROM jsonb_populate_recordset(NULL::farms, @rows) ORDER BY id
        ON CONFLICT (id) DO UPDATE SET {Assignments(FarmColumns)}
        """;

    /// <summary>
    /// The version grows by one when the change is an event, whatever rentals have done to it since it was read. An older pass changes nothing.
    /// </summary>
    private static readonly string WriteNodesSql =
        $"""
        INSERT INTO nodes (id, grid, version, {Names(NodeColumns)})
        SELECT node.id, grid, is_event::integer, {Names(NodeColumns)}
        FROM jsonb_to_recordset(@rows) AS seen (is_event boolean, node jsonb), jsonb_populate_record(NULL::nodes, seen.node) AS node ORDER BY node.id
        ON CONFLICT (id) DO UPDATE SET version = nodes.version + excluded.version, {Assignments(NodeColumns)}
        WHERE nodes.sync_sequence < excluded.sync_sequence
        """;

    /// <summary>The third miss, by which a node vanishes, is an event.</summary>
    private const string MissSql =
        """
        UPDATE nodes SET missed_passes = missed_passes + 1, sync_sequence = @sequence, version = version + (missed_passes + 1 = @vanishing)::integer
        WHERE id IN (SELECT id FROM nodes WHERE id = ANY (@ids) ORDER BY id FOR NO KEY UPDATE) AND sync_sequence < @sequence
        """;

    private const string SampleSql =
        """
        INSERT INTO uptime_samples (node_id, slot, is_up) SELECT node_id, @slot, is_up FROM unnest(@ids, @ups) AS sample (node_id, is_up) ORDER BY node_id
        ON CONFLICT (node_id, slot) DO UPDATE SET is_up = true WHERE excluded.is_up AND NOT uptime_samples.is_up
        """;

    public static Task<int> WriteFarmsAsync(NpgsqlConnection connection, IReadOnlyList<Farm> farms, CancellationToken cancellation) =>
        RunAsync(connection, WriteFarmsSql, cancellation, Rows(farms));

    public static Task<int> WriteNodesAsync(NpgsqlConnection connection, IReadOnlyList<ChangedNode> nodes, CancellationToken cancellation) =>
        RunAsync(connection, WriteNodesSql, cancellation, Rows(nodes));

    public static Task<int> MissAsync(NpgsqlConnection connection, long[] ids, long sequence, CancellationToken cancellation) =>
        RunAsync(connection, MissSql, cancellation, new("ids", ids), new("sequence", sequence), new("vanishing", GridNode.MissedPassesMax));

    public static Task<int> WriteSamplesAsync(
        NpgsqlConnection connection, long slot, IReadOnlyList<(long Node, bool IsUp)> samples, CancellationToken cancellation) =>
        RunAsync(
            connection, SampleSql, cancellation,
            new("slot", slot), new("ids", samples.Select(sample => sample.Node).ToArray()), new("ups", samples.Select(sample => sample.IsUp).ToArray()));

    private static async Task<int> RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandTimeoutSeconds };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlParameter Rows<T>(IReadOnlyList<T> rows) =>
        new("rows", NpgsqlDbType.Jsonb) { Value = JsonSerializer.SerializeToUtf8Bytes(rows, RowJson.Options) };

    private static string Names(string[] columns) => string.Join(", ", columns);

    private static string Assignments(string[] columns) => string.Join(", ", columns.Select(column => $"{column} = excluded.{column}"));
}

/// <summary>A node as a pass leaves it.</summary>
/// <param name="IsEvent">Whether subscribers receive the change; otherwise only its counters moved with a report.</param>
internal sealed record ChangedNode(GridNode Node, bool IsEvent);
