namespace Mycelium.Domain.Nodes;

/// <summary>What an observation changed.</summary>
[Flags]
public enum NodeChange
{
    /// <summary>Nothing, or only instants and counters that move with every report.</summary>
    None = 0,

    /// <summary>The node was not known before.</summary>
    Discovered = 1 << 0,

    /// <summary>Up, down or standby.</summary>
    Status = 1 << 1,

    /// <summary>What it has, or what the grid reports as used.</summary>
    Capacity = 1 << 2,

    /// <summary>How many slices it holds.</summary>
    SliceCapacity = 1 << 3,

    /// <summary>It shrank below what is rented.</summary>
    BecameOvercommitted = 1 << 4,

    /// <summary>All that is rented fits again.</summary>
    CeasedOvercommitted = 1 << 5,

    /// <summary>A grid user began or ceased to rent the whole machine.</summary>
    GridRental = 1 << 6,

    /// <summary>Where it is, what it is made of, who vouches for it, its measured bandwidth.</summary>
    Description = 1 << 7,

    /// <summary>Three complete passes did not see it.</summary>
    Vanished = 1 << 8,

    /// <summary>It had vanished, and is seen again.</summary>
    Returned = 1 << 9,

    /// <summary>What the grid says of its state or capacity ceased to be credible, or is credible again.</summary>
    Doubt = 1 << 10,
}
