using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Farms;

[ObjectType<FarmerTwinLinked>]
public static class FarmerTwinLinkedType
{
    /// <summary>The farms, by their numbers on the grid: at most 100. <c>farms</c> has all of them.</summary>
    [ListSize(AssumedSize = Limits.FarmsPerTwinShown)]
    public static Task<List<Farm>> GetFarms([Parent] FarmerTwinLinked linked, MyceliumDb db, CancellationToken cancellation) =>
        db.FarmsOfTwinAsync(linked.Grid, linked.TwinId, cancellation);
}

[ObjectType<FarmerTwinUnlinked>]
public static class FarmerTwinUnlinkedType
{
    /// <summary>The farms, by their numbers on the grid: at most 100. <c>farms</c> has all of them.</summary>
    [ListSize(AssumedSize = Limits.FarmsPerTwinShown)]
    public static Task<List<Farm>> GetFarms([Parent] FarmerTwinUnlinked unlinked, MyceliumDb db, CancellationToken cancellation) =>
        db.FarmsOfTwinAsync(unlinked.Grid, unlinked.TwinId, cancellation);
}

internal static class FarmsOfTwin
{
    public static Task<List<Farm>> FarmsOfTwinAsync(this MyceliumDb db, string grid, long twinId, CancellationToken cancellation) =>
        db.Farms.Where(farm => farm.Grid == grid && farm.TwinId == twinId).OrderBy(farm => farm.Id).Take(Limits.FarmsPerTwinShown).ToListAsync(cancellation);
}
