using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>What is sent, as it is on the wire.</summary>
internal sealed record WantedMachineJson(
    long Version, long Node, int Slices, int Cores, long MemoryBytes, long SsdBytes, string Image, string SshPublicKey, string Name);

internal sealed record RouteJson(Guid RentalId, long Version);

/// <summary>What is received, as it is on the wire: any field may be missing, and none is believed before it was checked.</summary>
internal sealed record MachineJson(
    Guid? RentalId, long? Version, string? State, string? Reason, string? Host, int? Port, string? User, IReadOnlyList<string?>? HostKeys,
    string? Instructions, string? ConsoleUrl, UseJson? Used, MetersJson? Meters);

internal sealed record UseJson(int? Cores, long? MemoryBytes, long? SsdBytes, DateTimeOffset? DeployedAt);

internal sealed record MetersJson(int? PublicIpCount, long? PublicIpHours, long? TrafficGib);

internal sealed record MachinesJson(IReadOnlyList<MachineJson?>? Machines, Guid? Next);

internal sealed record ImagesJson(IReadOnlyList<ImageJson?>? Images);

internal sealed record ImageJson(string? Id, string? Name, string? Description);

internal sealed record ErrorJson(string? Error);

/// <summary>As grids' JSON is read: no recursion worth mentioning, and unknown fields are ignored.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, MaxDepth = 8, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(WantedMachineJson))]
[JsonSerializable(typeof(RouteJson))]
[JsonSerializable(typeof(MachineJson))]
[JsonSerializable(typeof(MachinesJson))]
[JsonSerializable(typeof(ImagesJson))]
[JsonSerializable(typeof(ErrorJson))]
internal sealed partial class ProvisionerJson : JsonSerializerContext;
