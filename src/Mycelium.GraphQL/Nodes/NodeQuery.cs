using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Market;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Nodes;

[QueryType]
public static class NodeQuery
{
    /// <summary>The machines of all grids, whether they are for rent or not.</summary>
    [CacheControl(Limits.MarketAgeSeconds)]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<GridNode> GetGridNodes(MyceliumDb db) => db.GridNodes;

    /// <summary>The machine with this number on a grid; null when the grid has none, or it has not been read yet.</summary>
    /// <param name="gridId">The number that the grid gave it.</param>
    /// <param name="grid">The grid's name.</param>
    public static async Task<GridNode?> GetGridNode(
        long gridId, GridDirectory grids, SelectedGridNodeDataLoader nodes, SliceCombinationsByNodeDataLoader combinations, ResolverContext field,
        CancellationToken cancellation, string grid = GridName.Main)
    {
        if (!GridNumber.IsOwnNumber(gridId) || await grids.NodeIdAsync(grid, gridId, cancellation) is not { } id)
            return null;
        combinations.LoadAhead(id, field, "sliceCombinations");
        return await nodes.LoadItemAsync(id, field);
    }
}
