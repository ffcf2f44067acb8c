using Mycelium.Domain.Nodes;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Which nodes of a page need a sample in the current slot of 40 minutes, and what their uptime is with it.</summary>
internal sealed class UptimeSampling(NpgsqlDataSource database, DateTimeOffset now)
{
    public long Slot { get; } = Uptime.SlotOf(now);
    public long FirstSlot { get; } = Uptime.FirstSlot(now);

    /// <summary>By node id: the percentage that the node's new sample makes. Nodes whose slot is sampled already are not in it.</summary>
    public async Task<Dictionary<long, double?>> DueAsync(IReadOnlyCollection<NodeObservation> page, CancellationToken cancellation)
    {
        Dictionary<long, Past> past = await ReadAsync([.. page.Select(node => node.Id.Value)], cancellation).ConfigureAwait(false);
        var due = new Dictionary<long, double?>();
        foreach (NodeObservation node in page)
        {
            Past before = past.GetValueOrDefault(node.Id.Value);
            bool isUp = Uptime.IsUp(node.Status);
            if (before.IsUpNow is null || (isUp && before.IsUpNow == false)) // Up once in a slot is up.
                due[node.Id.Value] = Uptime.Percent(before.UpCount + (isUp ? 1 : 0), before.Count + 1);
        }
        return due;
    }

    private async Task<Dictionary<long, Past>> ReadAsync(long[] ids, CancellationToken cancellation)
    {
        // The window is counted only for nodes that are not sampled up in this slot: once in 40 minutes for nearly all.
        await using NpgsqlCommand command = database.CreateCommand(
            """
            SELECT node.id, current.is_up, coalesce(past.up_count, 0), coalesce(past.count, 0)
            FROM unnest(@ids) AS node (id)
            LEFT JOIN uptime_samples AS current ON current.node_id = node.id AND current.slot = @slot
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE is_up) AS up_count, count(*) AS count FROM uptime_samples
                WHERE node_id = node.id AND slot >= @first AND slot < @slot AND current.is_up IS NOT TRUE) AS past ON true
            """);
        command.Parameters.AddWithValue("ids", ids);
        command.Parameters.AddWithValue("slot", Slot);
        command.Parameters.AddWithValue("first", FirstSlot);

        var past = new Dictionary<long, Past>(ids.Length);
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
            past[rows.GetInt64(0)] = new Past(rows.IsDBNull(1) ? null : rows.GetBoolean(1), (int)rows.GetInt64(2), (int)rows.GetInt64(3));
        return past;
    }

    private readonly record struct Past(bool? IsUpNow, int UpCount, int Count);
}
