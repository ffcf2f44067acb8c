using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>GridProxy's sort keys of <c>/nodes</c>. Ties are ordered by node ID, so that pages do not overlap.</summary>
internal static class NodeOrders
{
    private static readonly Dictionary<string, Func<GridNode, IComparable>> Keys = new()
    {
        ["node_id"] = node => node.NodeId,
        ["farm_id"] = node => node.Farm.FarmId,
        ["twin_id"] = node => node.TwinId,
        ["country"] = node => node.Country,
        ["city"] = node => node.City,
        ["uptime"] = node => node.Uptime,
        ["created"] = node => node.Created,
        ["updated_at"] = node => node.UpdatedAt,
        ["total_cru"] = node => node.Total.Cru,
        ["total_sru"] = node => node.Total.Sru,
        ["total_hru"] = node => node.Total.Hru,
        ["total_mru"] = node => node.Total.Mru,
        ["used_cru"] = node => node.Used.Cru,
        ["used_sru"] = node => node.Used.Sru,
        ["used_hru"] = node => node.Used.Hru,
        ["used_mru"] = node => node.Used.Mru,
        ["free_cru"] = node => node.Total.Cru - node.Used.Cru,
        ["status"] = node => node.Status,
        ["dedicated_farm"] = node => node.Farm.Dedicated,
        ["rent_contract_id"] = node => node.RentContractId,
        ["rented"] = node => node.Rented,
        ["rentable"] = node => node.Rentable,
        ["num_gpu"] = node => node.Gpus.Count,
        ["extra_fee"] = node => node.ExtraFee,
        ["price_usd"] = node => node.PriceUsd,
    };

    public static IEnumerable<GridNode> Sort(IEnumerable<GridNode> nodes, Paging paging)
    {
        string name = paging.SortBy ?? "node_id";
        if (!Keys.TryGetValue(name, out Func<GridNode, IComparable>? key))
            throw new BadQueryException($"sort_by: \"{name}\" is not a sort key of nodes");
        if (name == "node_id" && !paging.Descending)
            return nodes; // They are already in this order.
        return paging.Descending
            ? nodes.OrderByDescending(key, Comparing).ThenBy(node => node.NodeId)
            : nodes.OrderBy(key, Comparing).ThenBy(node => node.NodeId);
    }

    /// <summary>Sorts names by their code points, which is the same on every machine.</summary>
    private static readonly Comparer<IComparable> Comparing =
        Comparer<IComparable>.Create((one, other) => one is string text ? string.CompareOrdinal(text, (string)other) : one.CompareTo(other));
}
