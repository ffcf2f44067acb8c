namespace Mycelium.Domain.Nodes;

/// <summary>Whether the grid can reach a node.</summary>
public enum NodeStatus
{
    /// <summary>It reported within the last 80 minutes.</summary>
    Up,

    /// <summary>It stopped reporting.</summary>
    Down,

    /// <summary>It sleeps to save power, and wakes within 30 minutes on demand.</summary>
    Standby,
}

/// <summary>Who vouches for a node's hardware.</summary>
public enum NodeCertification
{
    /// <summary>Built by its farmer.</summary>
    Diy,

    /// <summary>Certified by the grid; costs a quarter more by default.</summary>
    Certified,
}
