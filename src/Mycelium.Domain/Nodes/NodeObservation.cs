using Mycelium.Domain.Farms;
using Mycelium.Domain.Slices;

namespace Mycelium.Domain.Nodes;

/// <summary>What a grid reports of a node at one instant.</summary>
public sealed record NodeObservation
{
    public required NodeId Id { get; init; }

    /// <summary>The name of the grid whose number is in <see cref="Id"/>.</summary>
    public required string Grid { get; init; }
    public required FarmId FarmId { get; init; }
    public required long TwinId { get; init; }
    public required NodeStatus Status { get; init; }
    public required Capacity Total { get; init; }

    /// <summary>As reported: it may exceed the total.</summary>
    public required Capacity Used { get; init; }

    /// <summary>The part of <see cref="Used"/> that our own rentals deployed.</summary>
    public Capacity Own { get; init; }

    public NodePlace Place { get; init; } = NodePlace.Unknown;
    public NodeCertification Certification { get; init; }
    public bool IsDedicated { get; init; }
    public long? RentedByTwinId { get; init; }

    /// <summary>A grid user rents the whole machine, whether or not the grid reports who.</summary>
    public bool IsRentedOnGrid { get; init; }
    public bool IsHealthy { get; init; }
    public int GpuCount { get; init; }
    public IReadOnlyList<Gpu> Gpus { get; init; } = [];
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Null if it was not measured.</summary>
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

    /// <summary>The facts whose reported values are implausible. They keep their stored values.</summary>
    public NodeFacts Unread { get; init; }

    /// <summary>The state of the node on its grid is uncertain.</summary>
    public bool IsDoubtful => (Unread & NodeFacts.State) != 0;

    /// <summary>Whether a new node can be stored: every required fact was read.</summary>
    public bool IsWhole => (Unread & (NodeFacts.State | NodeFacts.Twin)) == 0;

    /// <summary>Taken from a sequence before reading began: the higher of two observations is the newer.</summary>
    public required long SyncSequence { get; init; }
}
