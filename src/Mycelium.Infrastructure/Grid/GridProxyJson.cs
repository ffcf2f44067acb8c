using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Sums over the whole grid.</summary>
public sealed record GridStats(
    long Nodes, long Farms, long Countries, long TotalCru, decimal TotalSru, decimal TotalMru, decimal TotalHru, long PublicIps, long AccessNodes,
    long Gateways,
    long Twins, long Contracts, IReadOnlyDictionary<string, long> NodesDistribution, long Gpus, long DedicatedNodes)
{
    [JsonPropertyName("workloads_number")]
    public long WorkloadsNumber { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, MaxDepth = DepthMax, NumberHandling = JsonNumberHandling.Strict, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(GridStats))]
internal sealed partial class GridProxyJson : JsonSerializerContext
{
    /// <summary>The sums are two levels deep.</summary>
    public const int DepthMax = 16;
}
