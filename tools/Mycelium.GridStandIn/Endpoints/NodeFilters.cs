using Mycelium.GridStandIn.Fleet;
using static Mycelium.GridStandIn.Endpoints.Query;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>GridProxy's filters on <c>/nodes</c>.</summary>
internal static class NodeFilters
{
    private static readonly string[] Statuses = ["up", "down", "standby"];
    private static readonly string[] Certifications = ["Diy", "Certified"];

    public static readonly Filters<GridNode> All = new(new Dictionary<string, Func<string, Func<GridNode, bool>>>
    {
        ["status"] = text => OneOf(text, "status", Statuses, node => node.Status),
        ["healthy"] = text => Is(text, "healthy", node => node.Healthy),
        ["free_mru"] = text => AtLeast(text, "free_mru", node => node.Total.Mru - node.Used.Mru),
        ["free_hru"] = text => AtLeast(text, "free_hru", node => node.Total.Hru - node.Used.Hru),
        ["free_sru"] = text => AtLeast(text, "free_sru", node => node.Total.Sru - node.Used.Sru),
        ["total_mru"] = text => AtLeast(text, "total_mru", node => node.Total.Mru),
        ["total_hru"] = text => AtLeast(text, "total_hru", node => node.Total.Hru),
        ["total_sru"] = text => AtLeast(text, "total_sru", node => node.Total.Sru),
        ["total_cru"] = text => AtLeast(text, "total_cru", node => node.Total.Cru),
        ["country"] = text => node => Same(node.Country, text),
        ["country_contains"] = text => node => Contains(node.Country, text),
        ["city"] = text => node => Same(node.City, text),
        ["city_contains"] = text => node => Contains(node.City, text),
        ["region"] = text => node => Same(node.Region, text),
        ["farm_name"] = text => node => Same(node.Farm.Name, text),
        ["farm_name_contains"] = text => node => Contains(node.Farm.Name, text),
        ["farm_ids"] = text => In(text, "farm_ids", node => node.Farm.FarmId),
        ["free_ips"] = text => AtLeast(text, "free_ips", node => node.Farm.FreeIpCount),
        ["ipv4"] = text => Is(text, "ipv4", node => node.PublicConfig.Ipv4 != ""),
        ["ipv6"] = text => Is(text, "ipv6", node => node.PublicConfig.Ipv6 != ""),
        ["has_ipv6"] = text => Is(text, "has_ipv6", node => node.PublicConfig.Ipv6 != ""),
        ["domain"] = text => Is(text, "domain", node => node.PublicConfig.Domain != ""),
        ["dedicated"] = text => Is(text, "dedicated", node => node.Dedicated),
        ["in_dedicated_farm"] = text => Is(text, "in_dedicated_farm", node => node.Farm.Dedicated),
        ["rentable"] = text => Is(text, "rentable", node => node.Rentable),
        ["rented"] = text => Is(text, "rented", node => node.Rented),
        ["rented_by"] = text => In(text, "rented_by", node => node.RentedByTwinId),
        ["owned_by"] = text => In(text, "owned_by", node => node.Farm.TwinId),
        ["rentable_or_rented_by"] = text => ForTwin(text, "rentable_or_rented_by", (node, twin) => node.Rentable || node.RentedByTwinId == twin),
        ["available_for"] = text => ForTwin(
            text, "available_for", (node, twin) => node.RentedByTwinId == twin || (!node.Rented && !node.Farm.Dedicated && node.ExtraFee == 0)),
        ["node_id"] = text => In(text, "node_id", node => node.NodeId),
        ["node_ids"] = text => In(text, "node_ids", node => node.NodeId),
        ["excluded"] = text => Not(In(text, "excluded", node => node.NodeId)),
        ["twin_id"] = text => In(text, "twin_id", node => node.TwinId),
        ["certification_type"] = text => OneOf(text, "certification_type", Certifications, node => node.CertificationType),
        ["has_gpu"] = text => Is(text, "has_gpu", node => node.Gpus.Count > 0),
        ["num_gpu"] = text => AtLeast(text, "num_gpu", node => node.Gpus.Count),
        ["gpu_device_id"] = text => node => node.Gpus.Any(gpu => Contains(gpu.Id, text)),
        ["gpu_vendor_id"] = text => node => node.Gpus.Any(gpu => Contains(gpu.Id, text)),
        ["gpu_device_name"] = text => node => node.Gpus.Any(gpu => Contains(gpu.Device, text)),
        ["gpu_vendor_name"] = text => node => node.Gpus.Any(gpu => Contains(gpu.Vendor, text)),
        ["gpu_available"] = text => Is(text, "gpu_available", node => node.Gpus.Any(gpu => gpu.Contract == 0)),
        ["price_min"] = text => Price(text, "price_min", (price, min) => price >= min),
        ["price_max"] = text => Price(text, "price_max", (price, max) => price <= max),
        ["features"] = text => WithFeatures(text),
    });

    private static Func<GridNode, bool> Is(string text, string name, Func<GridNode, bool> claim)
    {
        bool wanted = Truth(text, name);
        return node => claim(node) == wanted;
    }

    private static Func<GridNode, bool> AtLeast(string text, string name, Func<GridNode, long> amount)
    {
        long min = Whole(text, name);
        return node => amount(node) >= min;
    }

    private static Func<GridNode, bool> In(string text, string name, Func<GridNode, long> id)
    {
        HashSet<long> wanted = WholeList(text, name);
        return node => wanted.Contains(id(node));
    }

    private static Func<GridNode, bool> ForTwin(string text, string name, Func<GridNode, long, bool> fits)
    {
        long twin = Whole(text, name);
        return node => fits(node, twin);
    }

    private static Func<GridNode, bool> OneOf(string text, string name, string[] known, Func<GridNode, string> word)
    {
        HashSet<string> wanted = WordList(text, name, known);
        return node => wanted.Contains(word(node));
    }

    private static Func<GridNode, bool> Price(string text, string name, Func<decimal, decimal, bool> fits)
    {
        decimal bound = Number(text, name);
        return node => fits(node.PriceUsd, bound);
    }

    private static Func<GridNode, bool> WithFeatures(string text)
    {
        HashSet<string> wanted = WordList(text, "features", Machines.AllFeatures);
        return node => wanted.IsSubsetOf(node.Features);
    }

    private static Func<GridNode, bool> Not(Func<GridNode, bool> claim) => node => !claim(node);
}
