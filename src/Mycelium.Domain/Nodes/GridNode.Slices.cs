namespace Mycelium.Domain.Nodes;

/// <summary>What of the node is rented, free and for sale. Always holds: 0 ≤ allocated ≤ capacity + overcommitted.</summary>
public sealed partial class GridNode
{
    /// <summary>Why nothing can be rented at this moment, or null when free slices can.</summary>
    public NodeUnavailability? WhyUnavailable() => this switch
    {
        { FarmerId: null } => NodeUnavailability.NotRegistered,
        { IsPublished: false } => NodeUnavailability.NotPublished,
        { IsVanished: true } => NodeUnavailability.Vanished,
        { DoubtedSince: not null } => NodeUnavailability.Doubted,
        { Status: NodeStatus.Down } => NodeUnavailability.Down,
        { IsDedicated: true } => NodeUnavailability.Dedicated,
        { IsRentedOnGrid: true } or { RentedByTwinId: not null } => NodeUnavailability.RentedOnGrid,
        { OvercommittedSlices: > 0 } => NodeUnavailability.Overcommitted,
        _ => null,
    };

    /// <summary>Takes free slices for a rental. Ask <see cref="IsSellable"/> and <see cref="FreeSlices"/> first: taking what is not there is a mistake of ours.</summary>
    public void Allocate(int slices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        if (WhyUnavailable() is { } reason)
            throw new InvalidOperationException($"Node {Id} sells nothing: {reason}.");
        if (slices > FreeSlices)
            throw new InvalidOperationException($"Node {Id} has {FreeSlices} free slices, not {slices}.");

        AllocatedSlices += slices;
        Recount();
        Version++;
    }

    /// <summary>Gives back the slices of a rental that ended. What was overcommitted is eaten first, so nothing comes free before all that is rented fits.</summary>
    public void Release(int slices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        if (slices > AllocatedSlices)
            throw new InvalidOperationException($"Node {Id} has {AllocatedSlices} rented slices, not {slices}.");

        AllocatedSlices -= slices;
        Recount();
        Version++;
    }

    /// <summary>
    /// Brings what follows from the other columns up to date. The database computes the same (generated columns of the table nodes, and decide_sellable.sql);
    /// rows that an earlier release put into events may lack some of it.
    /// </summary>
    public void Recount()
    {
        IsRegistered = FarmerId is not null;
        PricePerSliceHour = IsRegistered ? PricePerSlice : null;
        OvercommittedSlices = Math.Max(0, AllocatedSlices - SliceCapacity);
        FreeSlices = Math.Max(0, SliceCapacity - AllocatedSlices);
        Unavailability = WhyUnavailable();
        IsSellable = Unavailability is null;
    }
}
