using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Market;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Nodes;

[QueryType]
public static class NodeQuery
{
    /// <summary>The machines of the grid, whether they are for rent or not.</summary>
    [CacheControl(Limits.MarketAgeSeconds)]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<GridNode> GetGridNodes(MyceliumDb db) => db.GridNodes;

    /// <summary>The machine with this id on the grid; null when the grid has none, or has told of none yet.</summary>
    public static Task<GridNode?> GetGridNode(long gridId, SelectedGridNodeDataLoader nodes, SliceCombinationsByNodeDataLoader combinations, ResolverContext field)
    {
        var id = new NodeId(gridId);
        combinations.LoadAhead(id, field, "sliceCombinations");
        return nodes.LoadItemAsync(id, field);
    }
}
