using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Nodes;

/// <summary>What the grid tells of the node. Observed facts only: no observation touches a rental, a price or what is published.</summary>
public sealed partial class GridNode
{
    /// <summary>So many complete passes in a row without the node make it vanished.</summary>
    public const int MissedPassesMax = 3;

    /// <summary>A node that we see for the first time.</summary>
    public static GridNode Discover(NodeObservation observation)
    {
        var node = new GridNode { Id = observation.Id, Grid = observation.Grid, GridId = observation.Id.Number, SyncSequence = long.MinValue };
        node.Observe(observation);
        return node;
    }

    /// <summary>Takes over what the grid says, unless something newer is known, and tells what changed.</summary>
    public NodeChange Observe(NodeObservation observation)
    {
        if (observation.Id != Id || observation.Grid != Grid)
            throw new ArgumentException($"Node {Id} of {Grid} cannot take what was observed of node {observation.Id} of {observation.Grid}.", nameof(observation));
        if (observation.SyncSequence < SyncSequence)
            return NodeChange.None; // A page that was fetched earlier arrives later.

        NodeChange changes = ChangesBy(observation);
        int overcommittedBefore = OvercommittedSlices;
        int capacityBefore = SliceCapacity;

        TakeDescription(observation);
        TakeState(observation);
        Recount();

        if (SliceCapacity != capacityBefore)
            changes |= NodeChange.SliceCapacity;
        if (overcommittedBefore == 0 && OvercommittedSlices > 0)
            changes |= NodeChange.BecameOvercommitted;
        if (overcommittedBefore > 0 && OvercommittedSlices == 0)
            changes |= NodeChange.CeasedOvercommitted;
        if (changes != NodeChange.None)
            Version++;
        return changes;
    }

    /// <summary>A complete pass over its grid did not see the node.</summary>
    public NodeChange Miss(long syncSequence)
    {
        if (syncSequence <= SyncSequence)
            return NodeChange.None;

        SyncSequence = syncSequence;
        MissedPasses++;
        if (MissedPasses != MissedPassesMax)
            return NodeChange.None;

        IsVanished = true;
        Recount();
        Version++;
        return NodeChange.Vanished;
    }

    /// <summary>Takes a newly computed percentage (see <see cref="Uptime"/>); true when it differs.</summary>
    public bool RecordUptime(double? percent)
    {
        if (percent is < 0 or > 100 or double.NaN)
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "Uptime is 0 to 100 percent.");
        if (Nullable.Equals(percent, UptimePercent))
            return false;

        UptimePercent = percent;
        Version++;
        return true;
    }

    private NodeChange ChangesBy(NodeObservation seen)
    {
        NodeChange changes = NodeChange.None;
        if (SyncSequence == long.MinValue)
            changes |= NodeChange.Discovered;
        if (IsVanished)
            changes |= NodeChange.Returned;
        if (seen.Status != Status)
            changes |= NodeChange.Status;
        if (seen.Total != Total || seen.Used != Used)
            changes |= NodeChange.Capacity;
        if (seen.RentedByTwinId != RentedByTwinId)
            changes |= NodeChange.GridRental;
        if (IsDescribedOtherwise(seen))
            changes |= NodeChange.Description;
        return changes;
    }

    private bool IsDescribedOtherwise(NodeObservation seen) =>
        seen.FarmId != FarmId
        || seen.TwinId != TwinId
        || seen.Place != new NodePlace(Country, City, Latitude, Longitude)
        || seen.Certification != Certification
        || seen.IsDedicated != IsDedicated
        || seen.IsHealthy != IsHealthy
        || seen.GpuCount != GpuCount
        || !seen.Gpus.SequenceEqual(Gpus)
        || !seen.Features.SequenceEqual(Features)
        || !Nullable.Equals(seen.UploadMbps, UploadMbps)
        || !Nullable.Equals(seen.DownloadMbps, DownloadMbps)
        || seen.SerialNumber != SerialNumber
        || seen.GridCreatedAt != GridCreatedAt;

    private void TakeDescription(NodeObservation seen)
    {
        FarmId = seen.FarmId;
        TwinId = seen.TwinId;
        (Country, City, Latitude, Longitude) = seen.Place;
        (CountryCode, Region) = Countries.Find(Country) is { } country ? (country.Code, country.Region) : (null, null);
        Certification = seen.Certification;
        IsDedicated = seen.IsDedicated;
        IsHealthy = seen.IsHealthy;
        GpuCount = seen.GpuCount;
        Gpus = [.. seen.Gpus];
        Features = [.. seen.Features];
        UploadMbps = seen.UploadMbps;
        DownloadMbps = seen.DownloadMbps;
        SerialNumber = seen.SerialNumber;
        GridCreatedAt = seen.GridCreatedAt;
    }

    private void TakeState(NodeObservation seen)
    {
        Status = seen.Status;
        RentedByTwinId = seen.RentedByTwinId;
        (TotalCores, TotalMemoryBytes, TotalSsdBytes, TotalHddBytes) = seen.Total;
        (UsedCores, UsedMemoryBytes, UsedSsdBytes, UsedHddBytes) = seen.Used;
        UptimeSeconds = seen.UptimeSeconds;
        LastReportAt = seen.LastReportAt;
        CapacityAsOf = seen.ObservedAt;
        SyncSequence = seen.SyncSequence;
        MissedPasses = 0;
        IsVanished = false;
        SliceCapacity = SliceCounting.Count(seen.Total, SliceCounting.UsedByOthers(seen.Used, seen.OwnSlices));
    }
}
