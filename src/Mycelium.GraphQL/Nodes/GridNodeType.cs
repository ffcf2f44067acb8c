using Mycelium.Domain.Farms;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Farms;
using Mycelium.GraphQL.Market;

namespace Mycelium.GraphQL.Nodes;

/// <summary>What the schema shows of a node in addition to its own properties. Who owns it is the farmer's business.</summary>
[ObjectType<GridNode>]
[ExtendObjectType<GridNode>(IgnoreProperties =
    [
        nameof(GridNode.FarmerId), nameof(GridNode.FarmerLeftAt), nameof(GridNode.SyncSequence), nameof(GridNode.MissedPasses), nameof(GridNode.FarmId),
        nameof(GridNode.Gpus), nameof(GridNode.PricePerSlice), nameof(GridNode.WholeRentalId),
    ])]
public static class GridNodeType
{
    [NodeResolver]
    public static Task<GridNode?> Get(NodeId id, GridNodeByIdDataLoader nodes) => nodes.LoadAsync(id);

    /// <summary>The farm that the node belongs to.</summary>
    [BindMember(nameof(GridNode.Farm))]
    [CacheControl(InheritMaxAge = true)]
    [Cost(1)] // One query for all objects of a list.
    public static async ValueTask<Farm> GetFarm([Parent(nameof(GridNode.FarmId))] GridNode node, FarmByIdDataLoader farms) =>
        node.Farm ?? await farms.LoadRequiredAsync(node.FarmId);

    /// <summary>The node's graphics cards.</summary>
    /// <remarks>A method, so that filters leave it out: SQL cannot filter inside one JSON value. Filters have <c>gpuCount</c>.</remarks>
    [CacheControl(InheritMaxAge = true)]
    [ListSize(AssumedSize = Limits.GpusPerNode)]
    public static IReadOnlyList<Gpu> GetGpus([Parent(nameof(GridNode.Gpus))] GridNode node) => node.Gpus;

    /// <summary>What the node offers: one combination for each multiplier it holds; none before it is published.</summary>
    [CacheControl(InheritMaxAge = true)]
    [Cost(1)] // One query for all nodes of a list.
    [ListSize(AssumedSize = Limits.CombinationsPerNode)]
    public static Task<IReadOnlyList<SliceCombination>> GetSliceCombinations(
        [Parent(nameof(GridNode.Id))] GridNode node, SliceCombinationsByNodeDataLoader combinations, ResolverContext field) =>
        combinations.LoadAsync(node.Id, field);
}
