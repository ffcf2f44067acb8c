using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
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
}
