using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Farms;
using Mycelium.GraphQL.Nodes;

namespace Mycelium.GraphQL.Market;

[ObjectType<SliceCombination>]
[ExtendObjectType<SliceCombination>(IgnoreProperties = [nameof(SliceCombination.NodeId), nameof(SliceCombination.FarmId)])]
public static class SliceCombinationType
{
    [NodeResolver]
    public static Task<SliceCombination?> Get(SliceCombinationId id, SliceCombinationByIdDataLoader combinations) => combinations.LoadAsync(id);

    /// <summary>The machine that the slices are of.</summary>
    [BindMember(nameof(SliceCombination.GridNode))]
    [CacheControl(InheritMaxAge = true)]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<GridNode> GetGridNode([Parent(nameof(SliceCombination.NodeId))] SliceCombination combination, GridNodeByIdDataLoader nodes) =>
        combination.GridNode ?? await nodes.LoadRequiredAsync(combination.NodeId);

    /// <summary>The farm that the machine belongs to.</summary>
    [BindMember(nameof(SliceCombination.Farm))]
    [CacheControl(InheritMaxAge = true)]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<Farm> GetFarm([Parent(nameof(SliceCombination.FarmId))] SliceCombination combination, FarmByIdDataLoader farms) =>
        combination.Farm ?? await farms.LoadRequiredAsync(combination.FarmId);
}
