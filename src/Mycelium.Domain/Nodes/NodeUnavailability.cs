namespace Mycelium.Domain.Nodes;

/// <summary>Why a node sells nothing at this moment. The first one that holds, in this order, is told.</summary>
public enum NodeUnavailability
{
    /// <summary>No farmer has registered it.</summary>
    NotRegistered,

    /// <summary>Its farmer does not offer it.</summary>
    NotPublished,

    /// <summary>Three complete passes over the grid did not see it.</summary>
    Vanished,

    /// <summary>What the grid says of its farm, status, capacity, use or rental cannot be believed.</summary>
    Doubted,

    /// <summary>It stopped reporting to the grid.</summary>
    Down,

    /// <summary>The grid rents the machine out as a whole only.</summary>
    Dedicated,

    /// <summary>A grid user rents the whole machine.</summary>
    RentedOnGrid,

    /// <summary>It shrank below what is rented; rentals stay, sales stop.</summary>
    Overcommitted,
}
