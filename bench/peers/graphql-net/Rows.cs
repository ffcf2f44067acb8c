namespace Mycelium.Bench.GraphQLNet;

/// <summary>Rows as stored. A column that was not read has its default; a list or row that was read with it is not null.</summary>
internal sealed class FarmRow
{
    public long Id { get; set; }
    public string Name { get; set; } = "";
    public string Certification { get; set; } = "";
    public int FreePublicIpCount { get; set; }
    public List<NodeRow>? Nodes { get; set; }
}

internal sealed class NodeRow
{
    public long Id { get; set; }
    public long FarmId { get; set; }
    public string Status { get; set; } = "";
    public string Certification { get; set; } = "";
    public string? Country { get; set; }
    public string? CountryCode { get; set; }
    public string? City { get; set; }
    public double? Latitude { get; set; }
    public double? Longitude { get; set; }
    public int TotalCores { get; set; }
    public long TotalMemoryBytes { get; set; }
    public double? UptimePercent { get; set; }
    public FarmRow? Farm { get; set; }
    public List<CombinationRow>? Combinations { get; set; }
}

internal sealed class CombinationRow
{
    public long Id { get; set; }
    public long NodeId { get; set; }
    public long FarmId { get; set; }
    public int Multiplier { get; set; }
    public int Cores { get; set; }
    public long MemoryBytes { get; set; }
    public long SsdBytes { get; set; }
    public int QuantityAvailable { get; set; }
    public long PricePerHour { get; set; }
    public long PricePerMonth { get; set; }
    public string? Country { get; set; }
    public string? CountryCode { get; set; }
    public string? City { get; set; }
    public NodeRow? Node { get; set; }
    public FarmRow? Farm { get; set; }
}

/// <summary>What a connection shows of its rows.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Nodes);
