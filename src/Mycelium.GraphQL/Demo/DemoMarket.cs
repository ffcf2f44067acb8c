using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Demo;

/// <summary>
/// Gives the demo farmer most farms of the stand-in grids, and offers most of their nodes, with the operations that a farmer uses. Every
/// twentieth node is left for trying out <c>registerNode</c> and <c>publishNode</c>, and every twentieth farm for trying out how to become
/// its farmer.
/// </summary>
public sealed class DemoMarket(IDbContextFactory<MyceliumDb> databases, GridDirectory grids, LinkFarmerTwin link, RegisterNode register, PublishNode publish)
{
    private const int LeftOut = 20;
    private const int AtOnce = 4;

    /// <summary>Between 0.8 and 1.6 times 0.015 dollars per hour, so that prices vary but are the same in every run.</summary>
    private static MicroUsdPerHour PriceOf(NodeId node) => MicroUsdPerHour.From(12_000 + node.Number * 7919 % 97 * 125);

    /// <summary>Publishes the grid's remaining nodes, and returns how many.</summary>
    public async Task<int> OpenAsync(AccountId farmer, string gridName, CancellationToken cancellation)
    {
        GridIdentity grid = await grids.FindAsync(gridName, cancellation) ?? throw new ArgumentException($"There is no grid {gridName}.", nameof(gridName));
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<long> twins = await db.Farms
            .Where(farm => farm.Grid == gridName && farm.OwnerId == null && farm.GridId % LeftOut != 0)
            .Select(farm => farm.TwinId)
            .Distinct()
            .ToListAsync(cancellation);
        foreach (long twin in twins)
            await link.Execute(Actor.Command, grid, twin, farmer, cancellation);

        List<NodeId> nodes = await db.GridNodes
            .Where(node => node.Grid == gridName && node.FarmerId == null && node.SliceCapacity > 0 && node.Farm!.OwnerId == farmer)
            .Select(node => node.Id)
            .ToListAsync(cancellation);
        NodeId[] offered = [.. nodes.Where(node => node.Number % LeftOut != 0)];
        await Parallel.ForEachAsync(offered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (node, token) =>
        {
            await register.Execute(farmer, grid, node.Number, PriceOf(node), IdempotencyKey.Parse($"demo-register-{node.Value}"), token);
            await publish.Execute(farmer, node, token);
        });
        return offered.Length;
    }
}
