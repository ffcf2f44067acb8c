using Mycelium.GridStandIn.Provisioner;

namespace Mycelium.GridStandIn.Fleet;

/// <summary>What a fault changes about one node; null leaves the real value.</summary>
public sealed record NodeOverride(bool Vanished = false, string? Status = null, Resources? Total = null, Resources? Used = null);

/// <summary>The fleet as seen by one request, with the active node faults.</summary>
public sealed class FleetView(GridFleet fleet, IReadOnlyDictionary<int, NodeOverride> overrides, MachineRegistry machines, string grid)
{
    /// <summary>Handlers take it as a parameter; the fault middleware provides it.</summary>
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
        if (machines.HasAny)
            node = node with { Used = node.Used + machines.UsedOn(grid, nodeId, node.UpdatedAt) };
        if (!overrides.TryGetValue(nodeId, out NodeOverride? said))
            return node;
        return said.Vanished
            ? null
            : node with { Status = said.Status ?? node.Status, Total = said.Total ?? node.Total, Used = said.Used ?? node.Used };
    }

    /// <summary>All nodes by ID. Each is generated when the caller reaches it.</summary>
    public IEnumerable<GridNode> Nodes() => NodeIds().Select(id => Node(id)!);

    public IEnumerable<int> NodeIds() => fleet.NodeIds.Where(id => !(overrides.TryGetValue(id, out NodeOverride? said) && said.Vanished));
}
