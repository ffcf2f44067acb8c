using Mycelium.Domain.Farms;
using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Nodes;

/// <summary>What its grid says of a node at one instant.</summary>
public sealed record NodeObservation
{
    public required NodeId Id { get; init; }

    /// <summary>The name of the grid that <see cref="Id"/> has the number of.</summary>
    public required string Grid { get; init; }
    public required FarmId FarmId { get; init; }
    public required long TwinId { get; init; }
    public required NodeStatus Status { get; init; }
    public required Capacity Total { get; init; }

    /// <summary>As reported: it may exceed the total.</summary>
    public required Capacity Used { get; init; }

    /// <summary>Slices of our own rentals that run on the grid and are part of <see cref="Used"/>.</summary>
    public int OwnSlices { get; init; }

    public NodePlace Place { get; init; } = NodePlace.Unknown;
    public NodeCertification Certification { get; init; }
    public bool IsDedicated { get; init; }
    public long? RentedByTwinId { get; init; }

    /// <summary>A grid user rents the whole machine, whether the grid says who or not.</summary>
    public bool IsRentedOnGrid { get; init; }
    public bool IsHealthy { get; init; }
    public int GpuCount { get; init; }
    public IReadOnlyList<Gpu> Gpus { get; init; } = [];
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Null when it was not measured.</summary>
    public double? UploadMbps { get; init; }

    /// <inheritdoc cref="UploadMbps"/>
    public double? DownloadMbps { get; init; }

    /// <summary>Since the last boot.</summary>
    public long UptimeSeconds { get; init; }
    public string? SerialNumber { get; init; }
    public DateTimeOffset? GridCreatedAt { get; init; }
    public required DateTimeOffset LastReportAt { get; init; }

    /// <summary>When we read it.</summary>
    public required DateTimeOffset ObservedAt { get; init; }

    /// <summary>What the grid says of these cannot be believed: they stay as they were.</summary>
    public NodeFacts Unread { get; init; }

    /// <summary>What the node is, has and does on the grid is not known for sure.</summary>
    public bool IsDoubtful => (Unread & NodeFacts.State) != 0;

    /// <summary>Whether a node that was not known before can be stored: what it cannot be without is there.</summary>
    public bool IsWhole => (Unread & (NodeFacts.State | NodeFacts.Twin)) == 0;

    /// <summary>Drawn before the reading began: of two observations the higher one is the newer.</summary>
    public required long SyncSequence { get; init; }
}
