using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Nodes;
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
