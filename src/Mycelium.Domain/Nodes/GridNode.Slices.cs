using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Nodes;

/// <summary>What is rented, free and for sale on the node. It always holds that 0 ≤ allocated ≤ capacity + overcommitted.</summary>
public sealed partial class GridNode
{
    /// <summary>Why nothing can be rented now, or null if free slices can be rented.</summary>
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
        { WholeRentalId: not null } => NodeUnavailability.RentedWhole,
        _ => null,
    };

    /// <summary>
    /// Takes free slices for a rental. Check <see cref="IsSellable"/> and <see cref="FreeSlices"/> first: allocating slices that are not
    /// free is a bug.
    /// </summary>
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

    /// <summary>Takes all slices of an empty node for one rental. The same holds as for <see cref="Allocate"/>.</summary>
    public void AllocateWhole(RentalId rental)
    {
        if (AllocatedSlices > 0)
            throw new InvalidOperationException($"Node {Id} has {AllocatedSlices} rented slices, and is not empty.");
        Allocate(SliceCapacity);
        WholeRentalId = rental;
        Recount();
    }

    /// <summary>Takes free slices and keeps them for somebody who is deciding. The same holds as for <see cref="Allocate"/>.</summary>
    public void Hold(int slices)
    {
        Allocate(slices);
        ReservedSlices += slices;
    }

    /// <summary>Held slices are rented by the one they were held for.</summary>
    public void UseHold(int slices)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slices, ReservedSlices);
        ReservedSlices -= slices;
        Version++;
    }

    /// <summary>
    /// Gives back the slices of a rental that ended. They first reduce what is overcommitted, so no slice becomes free before everything
    /// rented fits.
    /// </summary>
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
    /// Updates the values that follow from the other columns. The database computes the same (generated columns of the table nodes, and decide_sellable.sql),
    /// but rows that an earlier release wrote into events may lack some of them.
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
