namespace Mycelium.Domain.Provisioning;

/// <summary>The state of a rental's machine.</summary>
public enum MachineState
{
    /// <summary>It is being made, or made again.</summary>
    Creating,

    /// <summary>Its renter can log in.</summary>
    Ready,

    /// <summary>It could not be made, or has broken. Its renter may retry or rebuild it.</summary>
    Failed,

    /// <summary>Its rental has ended, and it still exists.</summary>
    Deleting,

    /// <summary>It is deleted.</summary>
    Gone,
}

/// <summary>What to do next about a machine.</summary>
public enum MachineStep
{
    /// <summary>Nothing: it is gone, or waits for its renter.</summary>
    None,

    /// <summary>Tell the provisioner what to make. Said again, it changes nothing, and the answer says how far it is.</summary>
    Put,

    /// <summary>Ask how it is.</summary>
    Read,

    /// <summary>Stop trying: its time is up.</summary>
    GiveUp,

    /// <summary>Tell the provisioner to delete it.</summary>
    Delete,
}

/// <summary>What a report meant.</summary>
public enum MachineChange
{
    /// <summary>It is as it was.</summary>
    None,

    /// <summary>It is ready, for the first time or again.</summary>
    BecameReady,

    /// <summary>The provisioner failed, and is told to make it again.</summary>
    TriedAgain,

    /// <summary>A machine that was ready has broken.</summary>
    Broke,

    /// <summary>The provisioner has no such machine, or an older one, and is told again.</summary>
    Lost,

    /// <summary>The provisioner knows a later version than the database, which was put back to an earlier time.</summary>
    Outrun,

    /// <summary>It is deleted.</summary>
    Removed,
}
