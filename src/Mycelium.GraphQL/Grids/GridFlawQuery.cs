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
    /// What grids say and the market does not believe, as of the last passes: fields that were dropped, records that were rejected, and countries of unknown names. At most
    /// 1,000 of each grid. For operators.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<GridFlaw> GetGridFlaws(MyceliumDb db) => db.GridFlaws;
}
