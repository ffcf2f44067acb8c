using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Nodes;

namespace Mycelium.GraphQL.Farms;

/// <summary>What the schema shows of a farm. Which account owns it is the farmer's business.</summary>
[ObjectType<Farm>]
[ExtendObjectType<Farm>(IgnoreProperties = [nameof(Farm.OwnerId)])]
public static class FarmType
{
    [NodeResolver]
    public static Task<Farm?> Get(FarmId id, FarmByIdDataLoader farms) => farms.LoadAsync(id);

    /// <summary>The farm's machines, whether they are for rent or not.</summary>
    [CacheControl(InheritMaxAge = true)]
    [Cost(1)] // One query for all farms of a list.
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static Task<Page<GridNode>> GetGridNodes([Parent(nameof(Farm.Id))] Farm farm, GridNodesOfFarmDataLoader nodes, ResolverContext field) =>
        nodes.LoadAsync(farm.Id, field);
}
