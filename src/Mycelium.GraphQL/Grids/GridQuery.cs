using Mycelium.Domain.Grids;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Provisioning;

namespace Mycelium.GraphQL.Grids;

/// <summary>A ThreeFold grid whose nodes are on the market.</summary>
/// <param name="Name">The value of <c>grid</c> in filters and arguments. It never changes.</param>
/// <param name="Status">How current the data of the grid is.</param>
/// <param name="CapacityAsOf">When the grid was last read completely; null before the first time.</param>
/// <param name="NodeCount">The number of nodes that the grid had then.</param>
/// <param name="HasProvisioner">
/// Whether rentals of the grid get a machine, which <c>rental { access }</c> tells how to reach. If not, renters deploy on their slices themselves.
/// </param>
/// <param name="Shrink">Set if more than half of the grid's nodes are missing at once, which an operator has to confirm; otherwise null.</param>
[GraphQLName("Grid")]
public sealed record MarketGrid(string Name, GridStatus Status, DateTimeOffset? CapacityAsOf, int NodeCount, bool HasProvisioner, GridShrink? Shrink);

[QueryType]
public static class GridQuery
{
    /// <summary>The grids of the market, in the order in which they joined it.</summary>
    [CacheControl(Limits.MarketAgeSeconds)]
    [ListSize(AssumedSize = Limits.GridsAssumed)]
    public static async Task<IReadOnlyList<MarketGrid>> GetGrids(SyncStatus sync, Provisioners provisioners, CancellationToken cancellation) =>
        [
            .. (await sync.ReadAsync(cancellation))
                .Select(state => new MarketGrid(
                    state.Grid, state.Status, state.LastCompletedAt, state.NodeCount, provisioners.Has(state.Grid), state.Shrink)),
        ];
}
