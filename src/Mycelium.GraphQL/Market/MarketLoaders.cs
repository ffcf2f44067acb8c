using System.Linq.Expressions;
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
    private static readonly Expression<Func<SliceCombination, NodeId>> byNode = combination => combination.NodeId;

    protected override Task<IReadOnlyDictionary<NodeId, IReadOnlyList<SliceCombination>>> LoadListsAsync(
        IReadOnlyList<NodeId> keys, PageQuery<SliceCombination> query, CancellationToken cancellation) =>
        query.TryReadLists(byNode, keys, cancellation) ?? QueryAsync(keys, query, cancellation);

    private async Task<IReadOnlyDictionary<NodeId, IReadOnlyList<SliceCombination>>> QueryAsync(
        IReadOnlyList<NodeId> keys, PageQuery<SliceCombination> query, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        return await db.SliceCombinations.ToBatchListAsync(byNode, keys, query, cancellation);
    }
}
