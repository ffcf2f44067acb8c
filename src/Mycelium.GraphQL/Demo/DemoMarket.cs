using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Demo;

/// <summary>
/// Lets the demo farmer own every farm of the stand-in, and offers most of its nodes, by the operations that a farmer uses. Every twentieth node is left for
/// whoever wants to try <c>registerNode</c> and <c>publishNode</c>.
/// </summary>
public sealed class DemoMarket(IDbContextFactory<MyceliumDb> databases, LinkFarmerTwin link, RegisterNode register, PublishNode publish)
{
    private const int LeftOut = 20;
    private const int AtOnce = 4;

    /// <summary>Between 0.8 and 1.6 times 0.015 dollars an hour, so that prices differ and stay the same from run to run.</summary>
    private static MicroUsdPerHour PriceOf(NodeId node) => MicroUsdPerHour.From(12_000 + node.Value * 7919 % 97 * 125);

    /// <summary>Offers what is not offered yet. Returns how many nodes that were.</summary>
    public async Task<int> OpenAsync(AccountId farmer, CancellationToken cancellation)
    {
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        foreach (long twin in await db.Farms.Where(farm => farm.OwnerId == null).Select(farm => farm.TwinId).Distinct().ToListAsync(cancellation))
            await link.Execute(twin, farmer, cancellation);

        List<NodeId> nodes = await db.GridNodes.Where(node => node.FarmerId == null && node.SliceCapacity > 0).Select(node => node.Id).ToListAsync(cancellation);
        NodeId[] offered = [.. nodes.Where(node => node.Value % LeftOut != 0)];
        await Parallel.ForEachAsync(offered, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (node, token) =>
        {
            await register.Execute(farmer, node, PriceOf(node), IdempotencyKey.Parse($"demo-register-{node.Value}"), token);
            await publish.Execute(farmer, node, token);
        });
        return offered.Length;
    }
}
