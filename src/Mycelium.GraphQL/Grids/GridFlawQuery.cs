using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Grids;

[ObjectType<GridFlaw>]
[ExtendObjectType<GridFlaw>(IgnoreProperties = [nameof(GridFlaw.Id)])]
public static class GridFlawType;

[QueryType]
public static class GridFlawQuery
{
    /// <summary>
    /// Implausible values that grids reported in the last passes: fields that were dropped, records that were rejected, and unknown names of countries. At most
    /// 1,000 per grid. For operators.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<GridFlaw> GetGridFlaws(MyceliumDb db) => db.GridFlaws;
}
