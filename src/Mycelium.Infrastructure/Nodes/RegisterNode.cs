using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Registers a node of the caller's farm, so that the caller can price and publish it.</summary>
public sealed class RegisterNode(Transactions transactions, PricingPolicy policy)
{
    private const string Operation = "registerNode";

    public Task<IRegisterNodeResult> Execute(
        AccountId farmer, GridIdentity grid, long gridId, MicroUsdPerHour? price, IdempotencyKey key, CancellationToken cancellation)
    {
        var id = NodeId.Of(grid.Number, gridId);
        Intention intention = Intention.Of(farmer, Operation, key, id.Value, price?.Value);
        return transactions.RunAsync(connection => RegisterAsync(connection, intention, id, grid.Name, price, cancellation), cancellation);
    }

    private async Task<IRegisterNodeResult> RegisterAsync(
        NpgsqlConnection connection, Intention intention, NodeId id, string grid, MicroUsdPerHour? price, CancellationToken cancellation)
    {
        (GridNode? node, EarlierAnswer? earlier) = await ReadAsync(connection, intention, id, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (node is null)
            return new NodeNotOnGrid(grid, id.Number);
        if (earlier is not null)
            return new NodeRegistered(node);

        long version = node.Version;
        IRegisterNodeResult result = node.Register(intention.Account, node.Farm!, price, policy);
        if (result is NodeRegistered)
        {
            await new NpgsqlBatch(connection)
                .ThenWriteDecision(node, version)
                .ThenRemember((intention, $$"""{"node_id": {{id.Value}}}"""))
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    private static async Task<(GridNode? Node, EarlierAnswer? Earlier)> ReadAsync(
        NpgsqlConnection connection, Intention intention, NodeId id, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([intention.Account.Value])
            .ThenLockNodes([id.Value])
            .ThenReadNode(id)
            .ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock,
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // and the node's.
        NodeAt? read = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        return (read?.Node, await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }
}
