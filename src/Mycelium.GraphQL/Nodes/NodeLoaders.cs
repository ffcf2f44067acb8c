using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Nodes;

public sealed class GridNodeByIdDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<NodeId, GridNode>
{
    protected override async Task<IReadOnlyDictionary<NodeId, GridNode>> LoadBatchAsync(IReadOnlyList<NodeId> keys, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.GridNodes.Where(node => keys.Contains(node.Id)).ToDictionaryAsync(node => node.Id, cancellation);
    }
}

/// <summary>Nodes by their id, with what the operation selects of them alone.</summary>
public sealed class SelectedGridNodeDataLoader(IDbContextFactory<MyceliumDb> databases) : ItemDataLoader<NodeId, GridNode>
{
    private static readonly Expression<Func<GridNode, NodeId>> byId = node => node.Id;

    protected override Task<IReadOnlyDictionary<NodeId, IReadOnlyList<GridNode>>> LoadListsAsync(
        IReadOnlyList<NodeId> keys, PageQuery<GridNode> query, CancellationToken cancellation) =>
        query.TryReadLists(byId, keys, cancellation) ?? QueryAsync(keys, query, cancellation);

    private async Task<IReadOnlyDictionary<NodeId, IReadOnlyList<GridNode>>> QueryAsync(
        IReadOnlyList<NodeId> keys, PageQuery<GridNode> query, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.GridNodes.ToBatchListAsync(byId, keys, query, cancellation);
    }
}

/// <summary>Pages of the nodes of farms.</summary>
public sealed class GridNodesOfFarmDataLoader(IDbContextFactory<MyceliumDb> databases) : PageDataLoader<FarmId, GridNode>
{
    protected override async Task<IReadOnlyDictionary<FarmId, Page<GridNode>>> LoadPagesAsync(
        IReadOnlyList<FarmId> keys, PageQuery<GridNode> query, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.GridNodes.ToBatchPageAsync(node => node.FarmId, keys, query, cancellation);
    }
}
