using System.Text.Json;
using Mycelium.GridStandIn.Fleet;
using static Mycelium.GridStandIn.Endpoints.Query;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary><c>/farms</c>, with the filters that apply to the farm itself.</summary>
internal static class FarmEndpoints
{
    private static readonly string[] Certifications = ["NotCertified", "Silver", "Gold"];

    private static readonly Filters<GridFarm> Filters = new(new Dictionary<string, Func<string, Func<GridFarm, bool>>>
    {
        ["farm_id"] = text => Equal(text, "farm_id", farm => farm.FarmId),
        ["twin_id"] = text => Equal(text, "twin_id", farm => farm.TwinId),
        ["pricing_policy_id"] = text => Equal(text, "pricing_policy_id", _ => 1),
        ["name"] = text => farm => Same(farm.Name, text),
        ["name_contains"] = text => farm => Contains(farm.Name, text),
        ["stellar_address"] = text => farm => farm.StellarAddress == text,
        ["free_ips"] = text => AtLeast(text, "free_ips", farm => farm.FreeIpCount),
        ["total_ips"] = text => AtLeast(text, "total_ips", farm => farm.PublicIps.Count),
        ["certification_type"] = text => OneOf(text),
        ["dedicated"] = text => IsDedicated(text),
    });

    private static readonly Dictionary<string, Func<GridFarm, IComparable>> Orders = new()
    {
        ["name"] = farm => farm.Name,
        ["farm_id"] = farm => farm.FarmId,
        ["twin_id"] = farm => farm.TwinId,
        ["dedicated"] = farm => farm.Dedicated,
        ["public_ips"] = farm => farm.PublicIps.Count,
        ["total_ips"] = farm => farm.PublicIps.Count,
        ["free_ips"] = farm => farm.FreeIpCount,
        ["used_ips"] = farm => farm.PublicIps.Count - farm.FreeIpCount,
    };

    public static void MapFarms(this IEndpointRouteBuilder app) => app.MapGet("/farms", ListAsync);

    private static Task ListAsync(HttpContext context, FleetView fleet)
    {
        var paging = Paging.From(context.Request.Query);
        Func<GridFarm, bool>? filter = Filters.From(context.Request.Query);
        IEnumerable<GridFarm> farms = Enumerable.Range(1, fleet.FarmCount).Select(fleet.Farm);
        if (filter is not null)
            farms = farms.Where(filter);
        return Json.WritePageAsync(context, paging, Sort(farms, paging), farms.Count, Write);
    }

    private static IEnumerable<GridFarm> Sort(IEnumerable<GridFarm> farms, Paging paging)
    {
        string name = paging.SortBy ?? "farm_id";
        if (!Orders.TryGetValue(name, out Func<GridFarm, IComparable>? key))
            throw new BadQueryException($"sort_by: \"{name}\" is not a sort key of farms");
        if (name == "farm_id" && !paging.Descending)
            return farms;
        return paging.Descending ? farms.OrderByDescending(key).ThenBy(farm => farm.FarmId) : farms.OrderBy(key).ThenBy(farm => farm.FarmId);
    }

    private static void Write(Utf8JsonWriter writer, GridFarm farm)
    {
        writer.WriteStartObject();
        writer.WriteString("name", farm.Name);
        writer.WriteNumber("farmId", farm.FarmId);
        writer.WriteNumber("twinId", farm.TwinId);
        writer.WriteNumber("pricingPolicyId", 1);
        writer.WriteString("certificationType", farm.CertificationType);
        writer.WriteString("stellarAddress", farm.StellarAddress);
        writer.WriteBoolean("dedicated", farm.Dedicated);
        writer.WriteStartArray("publicIps");
        foreach (PublicIp ip in farm.PublicIps)
        {
            writer.WriteStartObject();
            writer.WriteString("id", ip.Id);
            writer.WriteString("ip", ip.Ip);
            writer.WriteString("gateway", ip.Gateway);
            writer.WriteNumber("contract_id", ip.ContractId);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Func<GridFarm, bool> Equal(string text, string name, Func<GridFarm, long> number)
    {
        long wanted = Whole(text, name);
        return farm => number(farm) == wanted;
    }

    private static Func<GridFarm, bool> AtLeast(string text, string name, Func<GridFarm, long> number)
    {
        long min = Whole(text, name);
        return farm => number(farm) >= min;
    }

    private static Func<GridFarm, bool> OneOf(string text)
    {
        HashSet<string> wanted = WordList(text, "certification_type", Certifications);
        return farm => wanted.Contains(farm.CertificationType);
    }

    private static Func<GridFarm, bool> IsDedicated(string text)
    {
        bool wanted = Truth(text, "dedicated");
        return farm => farm.Dedicated == wanted;
    }
}
