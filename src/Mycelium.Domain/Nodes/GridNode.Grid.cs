using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Nodes;

/// <summary>What the grid reports of the node. These are observed facts only: an observation never touches a rental, a price or a publication.</summary>
public sealed partial class GridNode
{
    /// <summary>A node has vanished once this many complete passes in a row did not see it.</summary>
    public const int MissedPassesMax = 3;

    /// <summary>Creates a node from its first observation.</summary>
    public static GridNode Discover(NodeObservation observation)
    {
        if (!observation.IsWhole)
            throw new ArgumentException(
                $"Node {observation.Id} needs {observation.Unread & (NodeFacts.State | NodeFacts.Twin)}.", nameof(observation));
        var node = new GridNode
        {
            Id = observation.Id,
            Grid = observation.Grid,
            GridId = observation.Id.Number,
            LastReportAt = DateTimeOffset.UnixEpoch,
            SyncSequence = long.MinValue,
        };
        node.Observe(observation);
        return node;
    }

    /// <summary>Applies what the grid reports, unless something newer is known, and returns what changed. Implausible values are ignored.</summary>
    public NodeChange Observe(NodeObservation observation)
    {
        if (observation.Id != Id || observation.Grid != Grid)
            throw new ArgumentException(
                $"The observation is of node {observation.Id} of {observation.Grid}, not of node {Id} of {Grid}.", nameof(observation));
        if (observation.SyncSequence < SyncSequence)
            return NodeChange.None; // A page that was fetched earlier arrived late.

        observation = WithStored(observation);
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

    /// <summary>Records that a complete pass over its grid did not see the node.</summary>
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

    /// <summary>Stores a newly computed percentage (see <see cref="Uptime"/>). True if it changed.</summary>
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
        if (seen.RentedByTwinId != RentedByTwinId || seen.IsRentedOnGrid != IsRentedOnGrid)
            changes |= NodeChange.GridRental;
        if (seen.IsDoubtful != (DoubtedSince is not null))
            changes |= NodeChange.Doubt;
        if (HasNewDescription(seen))
            changes |= NodeChange.Description;
        return changes;
    }

    private bool HasNewDescription(NodeObservation seen) =>
        seen.FarmId != FarmId
        || seen.TwinId != TwinId
        || seen.Place != Place
        || Countries.Find(Country)?.Code != CountryCode // A release has added this name of the country.
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
        (CountryCode, Region) = Countries.Find(Country) is { } country ? (country.Code, country.Region) : ((string?)null, (Region?)null);
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
        IsRentedOnGrid = seen.IsRentedOnGrid;
        (TotalCores, TotalMemoryBytes, TotalSsdBytes, TotalHddBytes) = seen.Total;
        (UsedCores, UsedMemoryBytes, UsedSsdBytes, UsedHddBytes) = seen.Used;
        UptimeSeconds = seen.UptimeSeconds;
        LastReportAt = seen.LastReportAt;
        DoubtedSince = seen.IsDoubtful ? DoubtedSince ?? seen.ObservedAt : null;
        if (!seen.IsDoubtful)
            CapacityAsOf = seen.ObservedAt;
        SyncSequence = seen.SyncSequence;
        MissedPasses = 0;
        IsVanished = false;
        SliceCapacity = SliceCounting.Count(seen.Total, SliceCounting.UsedByOthers(seen.Used, seen.Own));
    }

    private NodePlace Place => new(Country, City, Latitude, Longitude);

    /// <summary>The observation, with the stored value for each fact that was not read.</summary>
    private NodeObservation WithStored(NodeObservation seen)
    {
        if (seen.Unread == NodeFacts.None)
            return seen;

        bool Is(NodeFacts fact) => (seen.Unread & fact) != 0;
        return seen with
        {
            FarmId = Is(NodeFacts.Farm) ? FarmId : seen.FarmId,
            Status = Is(NodeFacts.Status) ? Status : seen.Status,
            Total = Is(NodeFacts.Total) ? Total : seen.Total,
            Used = Is(NodeFacts.Used) ? Used : seen.Used,
            RentedByTwinId = Is(NodeFacts.GridRental) ? RentedByTwinId : seen.RentedByTwinId,
            IsRentedOnGrid = Is(NodeFacts.GridRental) ? IsRentedOnGrid : seen.IsRentedOnGrid,
            TwinId = Is(NodeFacts.Twin) ? TwinId : seen.TwinId,
            Place = new NodePlace(
                Is(NodeFacts.Country) ? Country : seen.Place.Country,
                Is(NodeFacts.City) ? City : seen.Place.City,
                Is(NodeFacts.Coordinates) ? Latitude : seen.Place.Latitude,
                Is(NodeFacts.Coordinates) ? Longitude : seen.Place.Longitude),
            Certification = Is(NodeFacts.Certification) ? Certification : seen.Certification,
            IsDedicated = Is(NodeFacts.Dedication) ? IsDedicated : seen.IsDedicated,
            IsHealthy = Is(NodeFacts.Health) ? IsHealthy : seen.IsHealthy,
            GpuCount = Is(NodeFacts.GpuCount) ? GpuCount : Math.Max(seen.GpuCount, Is(NodeFacts.Gpus) ? Gpus.Count : 0),
            Gpus = Is(NodeFacts.Gpus) ? Gpus : seen.Gpus,
            Features = Is(NodeFacts.Features) ? Features : seen.Features,
            UploadMbps = Is(NodeFacts.Upload) ? UploadMbps : seen.UploadMbps,
            DownloadMbps = Is(NodeFacts.Download) ? DownloadMbps : seen.DownloadMbps,
            UptimeSeconds = Is(NodeFacts.Uptime) ? UptimeSeconds : seen.UptimeSeconds,
            SerialNumber = Is(NodeFacts.SerialNumber) ? SerialNumber : seen.SerialNumber,
            GridCreatedAt = Is(NodeFacts.Created) ? GridCreatedAt : seen.GridCreatedAt,
            LastReportAt = Is(NodeFacts.LastReport) ? LastReportAt : seen.LastReportAt,
        };
    }
}
