using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Farms;

[ObjectType<FarmerTwinLinked>]
[ExtendObjectType<FarmerTwinLinked>(IgnoreProperties = [nameof(FarmerTwinLinked.FarmIds)])]
public static class FarmerTwinLinkedType
{
    /// <summary>The farms, ordered by their numbers on the grid: at most the first 100.</summary>
    [ListSize(AssumedSize = Limits.FarmsPerTwinShown)]
    public static Task<Farm[]> GetFarms([Parent] FarmerTwinLinked linked, FarmByIdDataLoader farms) => farms.LoadFirstAsync(linked.FarmIds);
}

[ObjectType<FarmerTwinUnlinked>]
[ExtendObjectType<FarmerTwinUnlinked>(IgnoreProperties = [nameof(FarmerTwinUnlinked.FarmIds)])]
public static class FarmerTwinUnlinkedType
{
    /// <summary>The farms, ordered by their numbers on the grid: at most the first 100.</summary>
    [ListSize(AssumedSize = Limits.FarmsPerTwinShown)]
    public static Task<Farm[]> GetFarms([Parent] FarmerTwinUnlinked unlinked, FarmByIdDataLoader farms) => farms.LoadFirstAsync(unlinked.FarmIds);
}

internal static class FarmsOfTwin
{
    public static Task<Farm[]> LoadFirstAsync(this FarmByIdDataLoader farms, IReadOnlyList<FarmId> ids) =>
        Task.WhenAll(ids.Take(Limits.FarmsPerTwinShown).Select(id => farms.LoadRequiredAsync(id)));
}
