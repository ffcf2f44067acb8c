using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>1, 2, 4, 8, 16 … base slices of one node, sold as one unit. It has the location and quality of its node.</summary>
public sealed class SliceCombination
{
    /// <summary>The largest multiplier: the power of two below 1 024, which IDs have room for.</summary>
    public const int MultiplierMax = 512;

    private SliceCombination()
    {
    }

    public SliceCombinationId Id { get; private set; }

    /// <summary>The name of the grid that the node is part of.</summary>
    public string Grid { get; private set; } = "";

    public NodeId NodeId { get; private set; }

    public GridNode? GridNode { get; private set; }

    public FarmId FarmId { get; private set; }

    public Farm? Farm { get; private set; }

    /// <summary>Base slices in one unit.</summary>
    public int Multiplier { get; private set; }

    /// <summary>Virtual cores of one unit.</summary>
    public int Cores { get; private set; }

    /// <summary>Memory of one unit.</summary>
    public long MemoryBytes { get; private set; }

    /// <summary>SSD of one unit.</summary>
    public long SsdBytes { get; private set; }

    /// <summary>Units that can be rented now; 0 while the node sells nothing.</summary>
    public int QuantityAvailable { get; private set; }

    /// <summary>Of one unit.</summary>
    public MicroUsdPerHour PricePerHour { get; private set; }

    /// <summary>Of one unit for a billing month of 720 hours, before any discount.</summary>
    public MicroUsd PricePerMonth { get; private set; }

    public string FarmName { get; private set; } = "";

    public string? Country { get; private set; }

    /// <summary>ISO 3166-1, two letters.</summary>
    public string? CountryCode { get; private set; }

    /// <summary>Follows from the country; null when the country is unknown.</summary>
    public Region? Region { get; private set; }

    public string? City { get; private set; }

    public NodeCertification Certification { get; private set; }

    /// <summary>The share of the last 30 days in which the node was up, 0 to 100; null until it was sampled.</summary>
    public double? UptimePercent { get; private set; }

    /// <summary>Measured upload of the node in megabits per second; null if it was not measured.</summary>
    public double? UploadMbps { get; private set; }

    /// <summary>Measured download of the node in megabits per second; null if it was not measured.</summary>
    public double? DownloadMbps { get; private set; }

    /// <summary>Graphics cards of the node. They are not part of a slice.</summary>
    public int GpuCount { get; private set; }

    public bool IsDedicated { get; private set; }

    public NodeStatus NodeStatus { get; private set; }

    /// <summary>When we last read the node from the grid.</summary>
    public DateTimeOffset CapacityAsOf { get; private set; }

    /// <summary>
    /// Increases with every change of the node, so the greater of two versions is the newer. All combinations of a node have the same version. A subscriber
    /// gets no message for a change that leaves the offer as it was, so a query may return a greater version.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>All combinations of a node: one for each power of two up to its slice capacity, or none while it is not registered and published.</summary>
    public static IReadOnlyList<SliceCombination> Of(GridNode node, Farm farm)
    {
        if (node.FarmId != farm.Id)
            throw new ArgumentException($"Node {node.Id} belongs to farm {node.FarmId}, not to farm {farm.Id}.", nameof(farm));
        if (node.FarmerId is null || !node.IsPublished)
            return [];

        var combinations = new List<SliceCombination>();
        for (int multiplier = 1; multiplier <= Math.Min(node.SliceCapacity, MultiplierMax); multiplier *= 2)
            combinations.Add(Of(node, farm, multiplier));
        return combinations;
    }

    /// <summary>Whether renters see the same offer: everything but the time at which the node was read from its grid is equal.</summary>
    public bool OffersTheSameAs(SliceCombination other) => Offer() == other.Offer();

    private (SliceCombinationId, FarmId, int, MicroUsdPerHour, string, string?, Region?, string?,
        NodeCertification, double?, double?, double?, int, bool, NodeStatus) Offer() =>
        (Id, FarmId, QuantityAvailable, PricePerHour, FarmName, CountryCode ?? Country, Region, City,
            Certification, UptimePercent, UploadMbps, DownloadMbps, GpuCount, IsDedicated, NodeStatus);

    private static SliceCombination Of(GridNode node, Farm farm, int multiplier)
    {
        MicroUsdPerHour price = node.PricePerSlice * multiplier;
        return new()
        {
            Id = SliceCombinationId.Of(node.Id, multiplier),
            Grid = node.Grid,
            NodeId = node.Id,
            GridNode = node,
            FarmId = farm.Id,
            Farm = farm,
            Multiplier = multiplier,
            Cores = BaseSlice.Cores * multiplier,
            MemoryBytes = BaseSlice.MemoryBytes * multiplier,
            SsdBytes = BaseSlice.SsdBytes * multiplier,
            QuantityAvailable = node.IsSellable ? node.FreeSlices / multiplier : 0,
            PricePerHour = price,
            PricePerMonth = price * RentalHours.Month,
            FarmName = farm.Name,
            Country = node.Country,
            CountryCode = node.CountryCode,
            Region = node.Region,
            City = node.City,
            Certification = node.Certification,
            UptimePercent = node.UptimePercent,
            UploadMbps = node.UploadMbps,
            DownloadMbps = node.DownloadMbps,
            GpuCount = node.GpuCount,
            IsDedicated = node.IsDedicated,
            NodeStatus = node.Status,
            CapacityAsOf = node.CapacityAsOf,
            Version = node.Version,
        };
    }
}
