namespace Mycelium.GridStandIn.Fleet;

/// <summary>What a fault says of one node instead of the truth; null leaves the truth.</summary>
public sealed record NodeOverride(bool Vanished = false, string? Status = null, Resources? Total = null, Resources? Used = null);

/// <summary>The fleet as one request sees it: with the node faults that are in force.</summary>
public sealed class FleetView(GridFleet fleet, IReadOnlyDictionary<int, NodeOverride> overrides)
{
    /// <summary>Handlers take it as a parameter; the fault middleware has put it there.</summary>
    public static ValueTask<FleetView?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<FleetView>());

    public bool IsTrue => overrides.Count == 0;
    public int FarmCount => fleet.FarmCount;
    public int NodeCount => fleet.NodeIds.Count - overrides.Count(pair => pair.Value.Vanished && fleet.HasNode(pair.Key));

    public GridFarm Farm(int farmId) => fleet.Farm(farmId);

    public GridNode? Node(int nodeId)
    {
        if (!fleet.HasNode(nodeId))
            return null;
        GridNode node = fleet.Node(nodeId);
        if (!overrides.TryGetValue(nodeId, out NodeOverride? said))
            return node;
        return said.Vanished
            ? null
            : node with { Status = said.Status ?? node.Status, Total = said.Total ?? node.Total, Used = said.Used ?? node.Used };
    }

    /// <summary>All nodes by id, each made when the caller gets there.</summary>
    public IEnumerable<GridNode> Nodes() => NodeIds().Select(id => Node(id)!);

    public IEnumerable<int> NodeIds() => fleet.NodeIds.Where(id => !(overrides.TryGetValue(id, out NodeOverride? said) && said.Vanished));
}
