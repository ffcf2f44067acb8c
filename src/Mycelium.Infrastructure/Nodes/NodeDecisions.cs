using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Lets the domain decide on a node while its row is locked, and writes what it decided.</summary>
public sealed class NodeDecisions(Transactions transactions)
{
    public Task<T> DecideAsync<T>(NodeId id, Func<GridNode, T> decide, Func<NodeId, T> unknown, CancellationToken cancellation) =>
        transactions.RunAsync(
            async connection =>
            {
                if (await LockAsync(connection, id, cancellation).ConfigureAwait(false) is not { } node)
                    return unknown(id);
                long version = node.Version;
                T result = decide(node);
                if (node.Version != version)
                    await Transactions.CommitOnceAsync(new NpgsqlBatch(connection).ThenWriteDecision(node, version), cancellation).ConfigureAwait(false);
                return result;
            },
            cancellation);

    private static async Task<GridNode?> LockAsync(NpgsqlConnection connection, NodeId id, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").ThenLockNodes([id.Value]).ThenReadNode(id);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The lock.
        return (await reader.ReadNodeAsync(cancellation).ConfigureAwait(false))?.Node;
    }
}
