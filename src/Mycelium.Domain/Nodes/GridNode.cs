using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Slices;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Nodes;

/// <summary>One machine of a grid, and the slices of it that are sold.</summary>
public sealed partial class GridNode
{
    private GridNode()
    {
    }

    /// <summary>Global ID. For the grid's number see <see cref="GridId"/>.</summary>
    public NodeId Id { get; private set; }

    /// <summary>The name of the grid that the node is part of.</summary>
    public string Grid { get; private set; } = "";

    /// <summary>The node's number on its grid, for people and for other tools of the grid.</summary>
    public long GridId { get; private set; }

    public FarmId FarmId { get; private set; }

    public Farm? Farm { get; private set; }

    /// <summary>The node's own identity on the grid.</summary>
    public long TwinId { get; private set; }

    public string? Country { get; private set; }

    /// <summary>ISO 3166-1, two letters.</summary>
    public string? CountryCode { get; private set; }

    /// <summary>Follows from the country; null when the country is unknown.</summary>
    public Region? Region { get; private set; }

    public string? City { get; private set; }

    public double? Latitude { get; private set; }

    public double? Longitude { get; private set; }

    public NodeStatus Status { get; private set; }

    public NodeCertification Certification { get; private set; }

    /// <summary>The grid rents out the machine only as a whole.</summary>
    public bool IsDedicated { get; private set; }

    /// <summary>The grid user that rents the whole machine, if any, and if the grid reports it.</summary>
    public long? RentedByTwinId { get; private set; }

    /// <summary>A grid user rents the whole machine.</summary>
    public bool IsRentedOnGrid { get; private set; }

    /// <summary>The grid's own checks pass.</summary>
    public bool IsHealthy { get; private set; }

    public int GpuCount { get; private set; }

    public IReadOnlyList<Gpu> Gpus { get; private set; } = [];

    /// <summary>What the machine's operating system can run, as the grid names it.</summary>
    public string[] Features { get; private set; } = [];

    /// <summary>Logical cores.</summary>
    public int TotalCores { get; private set; }

    public long TotalMemoryBytes { get; private set; }

    public long TotalSsdBytes { get; private set; }

    public long TotalHddBytes { get; private set; }

    /// <summary>As the grid reports it; may exceed the total.</summary>
    public int UsedCores { get; private set; }

    /// <inheritdoc cref="UsedCores"/>
    public long UsedMemoryBytes { get; private set; }

    /// <inheritdoc cref="UsedCores"/>
    public long UsedSsdBytes { get; private set; }

    /// <inheritdoc cref="UsedCores"/>
    public long UsedHddBytes { get; private set; }

    /// <summary>Measured upload in megabits per second; null if it was not measured.</summary>
    public double? UploadMbps { get; private set; }

    /// <summary>Measured download in megabits per second; null if it was not measured.</summary>
    public double? DownloadMbps { get; private set; }

    /// <summary>Seconds since the last boot, as of the last report.</summary>
    public long UptimeSeconds { get; private set; }

    /// <summary>The share of the last 30 days in which the node was up, 0 to 100; null until it was sampled.</summary>
    public double? UptimePercent { get; private set; }

    public string? SerialNumber { get; private set; }

    /// <summary>When the node joined the grid.</summary>
    public DateTimeOffset? GridCreatedAt { get; private set; }

    /// <summary>When the node last reported to the grid; 1970 if the grid never gave a plausible time.</summary>
    public DateTimeOffset LastReportAt { get; private set; }

    /// <summary>When the node was last read from its grid with a plausible state and capacity: how fresh the data is.</summary>
    public DateTimeOffset CapacityAsOf { get; private set; }

    /// <summary>How many complete passes over the grid in a row did not see the node.</summary>
    public int MissedPasses { get; private set; }

    /// <summary>Three complete passes over the grid did not see the node.</summary>
    public bool IsVanished { get; private set; }

    /// <summary>
    /// Since when the grid has reported implausible values for the node's farm, status, capacity, use or rental. These keep their last
    /// known values, and the node sells nothing. Null while the values are plausible.
    /// </summary>
    public DateTimeOffset? DoubtedSince { get; private set; }

    /// <summary>
    /// The account that registered the node, if any. It is always the owner of the node's farm: when that owner changes, the database
    /// removes the farmer, the price and the publication.
    /// </summary>
    public AccountId? FarmerId { get; private set; }

    /// <summary>
    /// When the node last lost its farmer, and with it the price and the publication; null if it never did. Quotes from before that are
    /// void.
    /// </summary>
    public DateTimeOffset? FarmerLeftAt { get; private set; }

    /// <summary>Its farmer offers it for rent.</summary>
    public bool IsPublished { get; private set; }

    /// <summary>A farmer has registered it.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>The stored price: 0 while the node is not registered. Callers see <see cref="PricePerSliceHour"/>.</summary>
    public MicroUsdPerHour PricePerSlice { get; private set; }

    /// <summary>What one base slice costs for an hour; null while the node is not registered.</summary>
    public MicroUsdPerHour? PricePerSliceHour { get; private set; }

    /// <summary>The rental that has the whole node, if any.</summary>
    public RentalId? WholeRentalId { get; private set; }

    /// <summary>Base slices that other users of the grid do not occupy, rented or not.</summary>
    public int SliceCapacity { get; private set; }

    /// <summary>Base slices that are taken: rented, or held for somebody who is deciding.</summary>
    public int AllocatedSlices { get; private set; }

    /// <summary>Of the allocated slices, those that are held and not rented yet.</summary>
    public int ReservedSlices { get; private set; }

    /// <summary>Rented base slices beyond the capacity, after the node shrank.</summary>
    public int OvercommittedSlices { get; private set; }

    /// <summary>Base slices that are not rented.</summary>
    public int FreeSlices { get; private set; }

    /// <summary>Free slices can be rented now.</summary>
    public bool IsSellable { get; private set; }

    /// <summary>Why nothing can be rented on the node now; null while free slices can be.</summary>
    public NodeUnavailability? Unavailability { get; private set; }

    /// <summary>Increases with every change.</summary>
    public long Version { get; private set; }

    /// <summary>The sequence number of the latest pass over the grid that has updated the node.</summary>
    public long SyncSequence { get; private set; }

    /// <summary>What the machine has.</summary>
    private Capacity Total => new(TotalCores, TotalMemoryBytes, TotalSsdBytes, TotalHddBytes);

    /// <summary>What the grid reports as used.</summary>
    private Capacity Used => new(UsedCores, UsedMemoryBytes, UsedSsdBytes, UsedHddBytes);
}
