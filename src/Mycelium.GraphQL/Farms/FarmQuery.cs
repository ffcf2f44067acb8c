using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Farms;

[QueryType]
public static class FarmQuery
{
    /// <summary>The groups of nodes that the grids know.</summary>
    [CacheControl(Limits.MarketAgeSeconds)]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Farm> GetFarms(MyceliumDb db) => db.Farms;

    /// <summary>The farm with this number on a grid; null when the grid has none, or it has not been read yet.</summary>
    /// <param name="gridId">The number that the grid gave it.</param>
    /// <param name="grid">The grid's name.</param>
    public static async Task<Farm?> GetFarm(
        long gridId, GridDirectory grids, FarmByIdDataLoader farms, CancellationToken cancellation, string grid = GridName.Main) =>
        GridNumber.IsOwnNumber(gridId) && await grids.FindAsync(grid, cancellation) is { } found
            ? await farms.LoadAsync(FarmId.Of(found.Number, gridId))
            : null;
}
