using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
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

public sealed class SliceCombinationsByNodeDataLoader(IDbContextFactory<MyceliumDb> databases) : GroupedDataLoader<NodeId, SliceCombination>
{
    protected override async Task<ILookup<NodeId, SliceCombination>> LoadGroupedBatchAsync(IReadOnlyList<NodeId> keys, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<SliceCombination> found = await db.SliceCombinations.Where(combination => keys.Contains(combination.NodeId))
            .OrderBy(combination => combination.Id).ToListAsync(cancellation);
        return found.ToLookup(combination => combination.NodeId);
    }
}
