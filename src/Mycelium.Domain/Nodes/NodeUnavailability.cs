namespace Mycelium.Domain.Nodes;

/// <summary>Why nothing can be rented on a node now. If several reasons apply, the first in this order is given.</summary>
public enum NodeUnavailability
{
    /// <summary>No farmer has registered it.</summary>
    NotRegistered,

    /// <summary>Its farmer does not offer it.</summary>
    NotPublished,

    /// <summary>Three complete passes over the grid did not see it.</summary>
    Vanished,

    /// <summary>The grid reports implausible values for its farm, status, capacity, use or rental.</summary>
    Doubted,

    /// <summary>It stopped reporting to the grid.</summary>
    Down,

    /// <summary>The grid rents out the machine only as a whole.</summary>
    Dedicated,

    /// <summary>A grid user rents the whole machine.</summary>
    RentedOnGrid,

    /// <summary>It shrank below what is rented; rentals stay, sales stop.</summary>
    Overcommitted,

    /// <summary>Somebody rents the whole node here. What it gains in the meantime is not sold either.</summary>
    RentedWhole,
}
