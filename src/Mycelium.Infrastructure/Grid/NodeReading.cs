using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;

namespace Mycelium.Infrastructure.Grid;

/// <summary>A node's record, judged and put into our words and units.</summary>
internal static class NodeReading
{
    private const long CoresMax = 65_536;
    private const long MemoryMax = 1L << 50;
    private const long DiskMax = 1L << 56;
    private const long UptimeMax = 100L * 366 * 86_400;
    private const int ListMax = 64;

    public static NodeObservation Read(GridProxyNode raw, GridMoment moment) => new()
    {
        Id = NodeId.Of(moment.Grid.Number, Believable.Id(raw.NodeId)),
        Grid = moment.Grid.Name,
        FarmId = FarmId.Of(moment.Grid.Number, Believable.Id(raw.FarmId)),
        TwinId = Believable.Id(raw.TwinId),
        Status = Believable.Word<NodeStatus>(raw.Status),
        Total = Read(raw.TotalResources),
        Used = Read(raw.UsedResources),
        Place = ReadPlace(raw),
        Certification = Believable.Word<NodeCertification>(raw.CertificationType),
        // The grid calls every node "dedicated" that nobody uses at the moment; these two are rented as a whole or not at all.
        IsDedicated = raw.InDedicatedFarm == true || raw.ExtraFee > 0,
        RentedByTwinId = raw.RentedByTwinId is null or 0 ? null : Believable.Id(raw.RentedByTwinId),
        IsHealthy = raw.Healthy == true,
        GpuCount = (int)(raw.NumGpu is { } gpus ? Believable.Amount(gpus, ListMax) : 0),
        Gpus = [.. Believable.Few(raw.Gpus, ListMax).Select(Read)],
        Features = [.. Believable.Few(raw.Features, ListMax).Select(feature => Believable.Text(feature) ?? "")],
        UploadMbps = Believable.Megabits(raw.Speed?.Upload),
        DownloadMbps = Believable.Megabits(raw.Speed?.Download),
        UptimeSeconds = Believable.Amount(raw.Uptime ?? 0, UptimeMax),
        SerialNumber = Believable.Text(raw.SerialNumber),
        GridCreatedAt = raw.Created is null or 0 ? null : Believable.Instant(raw.Created, moment.At),
        LastReportAt = Believable.Instant(raw.UpdatedAt, moment.At),
        OwnSlices = OwnSlices,
        ObservedAt = moment.At,
        SyncSequence = moment.Sequence,
    };

    /// <summary>
    /// Slices of our own rentals that are part of what the grid reports as used. None: Mycelium does not deploy rentals on the grid yet. Once it does,
    /// this is the one place that says how many of a node's reported use are ours, and <see cref="SliceCounting.UsedByOthers"/> takes them off once.
    /// </summary>
    private const int OwnSlices = 0;

    private static Capacity Read(GridProxyResources? raw) => raw is null
        ? throw new RejectedRecordException(RejectionReason.Incomplete)
        : new((int)Believable.Amount(raw.Cru, CoresMax), Believable.Amount(raw.Mru, MemoryMax), Believable.Amount(raw.Sru, DiskMax), Believable.Amount(raw.Hru, DiskMax));

    private static NodePlace ReadPlace(GridProxyNode raw) => new(
        Believable.Text(raw.Country ?? raw.Location?.Country),
        Believable.Text(raw.City ?? raw.Location?.City),
        Believable.Degrees(raw.Location?.Latitude, 90),
        Believable.Degrees(raw.Location?.Longitude, 180));

    private static Gpu Read(GridProxyGpu raw) =>
        new(Believable.Text(raw.Id) ?? throw new RejectedRecordException(RejectionReason.Incomplete), Believable.Text(raw.Vendor) ?? "", Believable.Text(raw.Device) ?? "");
}
