using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Slices;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Reads what our machines occupy on nodes, for passes over a grid.</summary>
internal static class DeployedMachines
{
    private const string Read =
        """
        SELECT node_id, used_cores, used_memory_bytes, used_ssd_bytes, deployed_at FROM machines
        WHERE node_id = ANY ($1) AND deployed_at IS NOT NULL AND unwanted_at IS NULL
        """;

    /// <summary>Machines of rentals that live, by node.</summary>
    public static Task<ILookup<NodeId, MachineUse>> DeployedOnAsync(
        this NpgsqlDataSource database, IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Read, nodes.Select(node => node.Value).ToArray());
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<(NodeId Node, MachineUse Use)> rows = await reader.RowsAsync(
                row => (new NodeId(row.GetInt64(0)), new MachineUse(
                    new Capacity(row.GetInt32(1), row.GetInt64(2), row.GetInt64(3), 0), row.GetFieldValue<DateTimeOffset>(4))),
                cancellation).ConfigureAwait(false);
            return rows.ToLookup(row => row.Node, row => row.Use);
        },
        cancellation);
}
