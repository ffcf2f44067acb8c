using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
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

    /// <summary>The machine with this number on a grid; null when the grid has none, or none that we have read yet.</summary>
    /// <param name="gridId">The number that the grid gave it.</param>
    /// <param name="grids">Resolves the grid's name.</param>
    /// <param name="nodes">Reads the machine.</param>
    /// <param name="combinations">Reads what it offers in the same moment.</param>
    /// <param name="field">What is selected.</param>
    /// <param name="cancellation">Of the request.</param>
    /// <param name="grid">The grid's name.</param>
    public static async Task<GridNode?> GetGridNode(
        long gridId, GridDirectory grids, SelectedGridNodeDataLoader nodes, SliceCombinationsByNodeDataLoader combinations, ResolverContext field,
        CancellationToken cancellation, string grid = GridName.Main)
    {
        if (!GridNumber.IsOwnNumber(gridId) || await grids.FindAsync(grid, cancellation) is not { Number: var number })
            return null;
        var id = NodeId.Of(number, gridId);
        combinations.LoadAhead(id, field, "sliceCombinations");
        return await nodes.LoadItemAsync(id, field);
    }
}
