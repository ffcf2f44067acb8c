namespace Mycelium.Domain.Nodes;

/// <summary>What an observation changed.</summary>
[Flags]
public enum NodeChange
{
    /// <summary>Nothing, or only times and counters that change with every report.</summary>
    None = 0,

    /// <summary>The node was not known before.</summary>
    Discovered = 1 << 0,

    /// <summary>Up, down or standby.</summary>
    Status = 1 << 1,

    /// <summary>Its capacity, or what the grid reports as used.</summary>
    Capacity = 1 << 2,

    /// <summary>How many slices it holds.</summary>
    SliceCapacity = 1 << 3,

    /// <summary>It shrank below what is rented.</summary>
    BecameOvercommitted = 1 << 4,

    /// <summary>Everything that is rented fits again.</summary>
    CeasedOvercommitted = 1 << 5,

    /// <summary>A grid user started or stopped renting the whole machine.</summary>
    GridRental = 1 << 6,

    /// <summary>Its location, hardware, certification or measured bandwidth.</summary>
    Description = 1 << 7,

    /// <summary>Three complete passes did not see it.</summary>
    Vanished = 1 << 8,

    /// <summary>It had vanished and was seen again.</summary>
    Returned = 1 << 9,

    /// <summary>The grid began to report implausible values for its state or capacity, or reports plausible ones again.</summary>
    Doubt = 1 << 10,
}
