using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mycelium.Infrastructure.Grid;

// GridProxy's records as they come over the wire: every field that we use, all optional. Unknown fields are ignored, so that a newer GridProxy
// does not break us; what is missing or impossible is judged by NodeReading and FarmReading.

/// <summary>A node of <c>/nodes</c>.</summary>
internal sealed record GridProxyNode
{
    public long? NodeId { get; init; }
    public long? FarmId { get; init; }
    public long? TwinId { get; init; }
    public string? Country { get; init; }
    public string? City { get; init; }
    public long? Uptime { get; init; }
    public long? Created { get; init; }
    public long? UpdatedAt { get; init; }

    [JsonPropertyName("total_resources")]
    public GridProxyResources? TotalResources { get; init; }

    [JsonPropertyName("used_resources")]
    public GridProxyResources? UsedResources { get; init; }

    public GridProxyLocation? Location { get; init; }
    public string? Status { get; init; }
    public string? CertificationType { get; init; }
    public bool? InDedicatedFarm { get; init; }
    public long? RentedByTwinId { get; init; }
    public string? SerialNumber { get; init; }

    [JsonPropertyName("num_gpu")]
    public long? NumGpu { get; init; }

    public decimal? ExtraFee { get; init; }
    public bool? Healthy { get; init; }
    public GridProxySpeed? Speed { get; init; }
    public IReadOnlyList<GridProxyGpu>? Gpus { get; init; }

    /// <summary>US dollars a month for the whole node, decimal from the text itself: a double would round it.</summary>
    [JsonPropertyName("price_usd")]
    public decimal? PriceUsd { get; init; }

    public IReadOnlyList<string>? Features { get; init; }
}

/// <summary>Threads, and bytes of SSD, HDD and memory.</summary>
internal sealed record GridProxyResources(long? Cru, long? Sru, long? Hru, long? Mru);

internal sealed record GridProxyLocation(string? Country, string? City, double? Longitude, double? Latitude);

/// <summary>Bits a second; 0 when never measured.</summary>
internal sealed record GridProxySpeed(double? Upload, double? Download);

internal sealed record GridProxyGpu(string? Id, string? Vendor, string? Device);

internal sealed record GridProxyFarm(
    string? Name, long? FarmId, long? TwinId, string? CertificationType, string? StellarAddress, bool? Dedicated, IReadOnlyList<GridProxyIp>? PublicIps);

internal sealed record GridProxyIp
{
    /// <summary>0 when nobody uses the address.</summary>
    [JsonPropertyName("contract_id")]
    public long? ContractId { get; init; }
}

/// <summary>Sums over the whole grid.</summary>
public sealed record GridStats(
    long Nodes, long Farms, long Countries, long TotalCru, decimal TotalSru, decimal TotalMru, decimal TotalHru, long PublicIps, long AccessNodes, long Gateways,
    long Twins, long Contracts, IReadOnlyDictionary<string, long> NodesDistribution, long Gpus, long DedicatedNodes)
{
    [JsonPropertyName("workloads_number")]
    public long WorkloadsNumber { get; init; }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, MaxDepth = DepthMax, NumberHandling = JsonNumberHandling.Strict, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(GridProxyNode))]
[JsonSerializable(typeof(GridProxyFarm))]
[JsonSerializable(typeof(GridStats))]
internal sealed partial class GridProxyJson : JsonSerializerContext
{
    /// <summary>The grid's records are four levels deep.</summary>
    public const int DepthMax = 16;
}
