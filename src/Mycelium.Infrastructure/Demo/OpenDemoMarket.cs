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

namespace Mycelium.Infrastructure.Demo;

/// <summary>
/// Gives the unowned farms of a grid to the demo farmer, and offers most of their nodes, through the operations that a farmer uses. Every twentieth node is
/// left out, to try <c>registerNode</c> and <c>publishNode</c> on, and every twentieth farm, to start as its farmer.
/// </summary>
public sealed class OpenDemoMarket(
    IDbContextFactory<MyceliumDb> databases, GridDirectory grids, LinkFarmerTwin link, RegisterNode register, PublishNode publish)
{
    private const int LeftOut = 20;
    private const int AtOnce = 4;

    /// <summary>Between 0.8 and 1.6 times 0.015 dollars an hour, so that prices differ and stay the same from run to run.</summary>
    private static MicroUsdPerHour PriceOf(NodeId node) => MicroUsdPerHour.From(12_000 + node.Number * 7919 % 97 * 125);

    /// <summary>Puts the grid's remaining nodes up for sale; returns how many.</summary>
    public async Task<int> Execute(AccountId farmer, string gridName, CancellationToken cancellation)
    {
        GridIdentity grid = await grids.FindAsync(gridName, cancellation).ConfigureAwait(false)
            ?? throw new ArgumentException($"There is no grid {gridName}.", nameof(gridName));
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        List<long> twins = await db.Farms.Where(farm => farm.Grid == gridName && farm.OwnerId == null && farm.GridId % LeftOut != 0)
            .Select(farm => farm.TwinId).Distinct().ToListAsync(cancellation).ConfigureAwait(false);
        foreach (long twin in twins)
            await link.Execute(Actor.Command, grid, twin, farmer, cancellation).ConfigureAwait(false);

        List<NodeId> nodes = await db.GridNodes
            .Where(node => node.Grid == gridName && node.FarmerId == null && node.SliceCapacity > 0 && node.Farm!.OwnerId == farmer)
            .Select(node => node.Id).ToListAsync(cancellation).ConfigureAwait(false);
        NodeId[] offered = [.. nodes.Where(node => node.Number % LeftOut != 0)];
        var atOnce = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(offered, atOnce, async (node, token) =>
        {
            await register.Execute(farmer, grid, node.Number, PriceOf(node), IdempotencyKey.Parse($"demo-register-{node.Value}"), token).ConfigureAwait(false);
            await publish.Execute(farmer, node, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return offered.Length;
    }
}
