using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Market;

public sealed class SliceCombinationByIdDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<SliceCombinationId, SliceCombination>
{
    protected override async Task<IReadOnlyDictionary<SliceCombinationId, SliceCombination>> LoadBatchAsync(
        IReadOnlyList<SliceCombinationId> keys, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.SliceCombinations.Where(combination => keys.Contains(combination.Id)).ToDictionaryAsync(combination => combination.Id, cancellation);
    }
}

public sealed class SliceCombinationsByNodeDataLoader(IDbContextFactory<MyceliumDb> databases) : ListDataLoader<NodeId, SliceCombination>
{
    protected override async Task<IReadOnlyDictionary<NodeId, IReadOnlyList<SliceCombination>>> LoadListsAsync(
        IReadOnlyList<NodeId> keys, PageQuery<SliceCombination> query, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.SliceCombinations.ToBatchListAsync(combination => combination.NodeId, keys, query, cancellation);
    }
}
