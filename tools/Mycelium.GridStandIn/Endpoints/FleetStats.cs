using System.Text.Json;
using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>Sums over the nodes with certain states. Farms, twins and addresses are counted over the whole grid.</summary>
internal sealed class FleetStats
{
    private readonly SortedDictionary<string, int> nodesByCountry = new(StringComparer.Ordinal);
    private long nodes, farms, cores, ssd, memory, hdd, publicIps, accessNodes, gateways, contracts, gpus, dedicatedNodes;

    public static FleetStats Of(FleetView fleet, HashSet<string> statuses)
    {
        var stats = new FleetStats { farms = fleet.FarmCount };
        for (int farmId = 1; farmId <= fleet.FarmCount; farmId++)
            stats.publicIps += fleet.Farm(farmId).PublicIps.Count;
        foreach (GridNode node in fleet.Nodes().Where(node => statuses.Contains(node.Status)))
            stats.Add(node);
        return stats;
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("nodes", nodes);
        writer.WriteNumber("farms", farms);
        writer.WriteNumber("countries", nodesByCountry.Count);
        writer.WriteNumber("totalCru", cores);
        writer.WriteNumber("totalSru", ssd);
        writer.WriteNumber("totalMru", memory);
        writer.WriteNumber("totalHru", hdd);
        writer.WriteNumber("publicIps", publicIps);
        writer.WriteNumber("accessNodes", accessNodes);
        writer.WriteNumber("gateways", gateways);
        writer.WriteNumber("twins", nodes + farms);
        writer.WriteNumber("contracts", contracts);
        writer.WriteStartObject("nodesDistribution");
        foreach ((string country, int count) in nodesByCountry)
            writer.WriteNumber(country, count);
        writer.WriteEndObject();
        writer.WriteNumber("gpus", gpus);
        writer.WriteNumber("dedicatedNodes", dedicatedNodes);
        writer.WriteNumber("workloads_number", contracts);
        writer.WriteEndObject();
    }

    private void Add(GridNode node)
    {
        nodes++;
        cores += node.Total.Cru;
        ssd += node.Total.Sru;
        memory += node.Total.Mru;
        hdd += node.Total.Hru;
        accessNodes += node.PublicConfig.Ipv4 != "" ? 1 : 0;
        gateways += node.PublicConfig.Domain != "" ? 1 : 0;
        contracts += node.HasContracts ? 1 : 0;
        gpus += node.Gpus.Count;
        dedicatedNodes += node.Dedicated ? 1 : 0;
        nodesByCountry[node.Country] = nodesByCountry.GetValueOrDefault(node.Country) + 1;
    }
}
