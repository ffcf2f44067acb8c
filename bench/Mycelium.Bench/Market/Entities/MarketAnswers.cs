using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mycelium.Bench.Market.Entities;

/// <summary>The responses as records in the schema's order, for the JSON serializer.</summary>
internal sealed record Answer<T>(T Data);

internal sealed record Page<T>(List<T> Nodes);

internal sealed record MarketAnswer(Page<MarketItem> SliceCombinations);

internal sealed record MarketItem(
    [property: JsonConverter(typeof(CombinationId))] long Id, int Multiplier, int Cores, long MemoryBytes, long SsdBytes, int QuantityAvailable,
    [property: JsonConverter(typeof(Dollars))] long PricePerHour, [property: JsonConverter(typeof(Dollars))] long PricePerMonth,
    string? Country, string? CountryCode, string? City, MarketNode GridNode, FarmItem Farm);

internal sealed record MarketNode(
    long GridId, [property: JsonConverter(typeof(EnumName))] string Status,
    [property: JsonConverter(typeof(EnumName))] string Certification, double? Latitude, double? Longitude);

internal sealed record FarmItem(string Name, [property: JsonConverter(typeof(EnumName))] string Certification, int FreePublicIpCount);

internal sealed record NodeAnswer(NodeItem? GridNode);

internal sealed record NodeItem(
    long GridId, [property: JsonConverter(typeof(EnumName))] string Status, [property: JsonConverter(typeof(EnumName))] string Certification,
    string? Country, string? CountryCode, string? City,
    double? Latitude, double? Longitude, int TotalCores, long TotalMemoryBytes, double? UptimePercent, FarmItem Farm, List<NodeCombination> SliceCombinations);

internal sealed record NodeCombination(
    [property: JsonConverter(typeof(CombinationId))] long Id, int Multiplier, int Cores, long MemoryBytes, int QuantityAvailable,
    [property: JsonConverter(typeof(Dollars))] long PricePerHour, [property: JsonConverter(typeof(Dollars))] long PricePerMonth);

internal sealed record FarmsAnswer(Page<FarmWithNodes> Farms);

internal sealed record FarmWithNodes(string Name, [property: JsonConverter(typeof(EnumName))] string Certification, Page<FarmNode> GridNodes);

internal sealed record FarmNode(
    long GridId, [property: JsonConverter(typeof(EnumName))] string Status, string? Country, string? City,
    double? Latitude, double? Longitude, List<FarmCombination> SliceCombinations);

internal sealed record FarmCombination(int Multiplier, int QuantityAvailable, [property: JsonConverter(typeof(Dollars))] long PricePerHour);

/// <summary>A value whose form in the schema differs from that in its column. It is only written, never read.</summary>
internal abstract class Shown<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();
}

internal sealed class CombinationId : Shown<long>
{
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteIdValue(value);
}

internal sealed class Dollars : Shown<long>
{
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteDollarsValue(value);
}

internal sealed class EnumName : Shown<string>
{
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteEnumValue(value);
}
