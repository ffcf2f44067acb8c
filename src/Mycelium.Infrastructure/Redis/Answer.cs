namespace Mycelium.Infrastructure.Redis;

/// <summary>What one master says to a command.</summary>
internal enum Answer
{
    /// <summary>Done: set, extended, deleted, published.</summary>
    Yes,

    /// <summary>Somebody else holds the key, or nobody does.</summary>
    No,

    /// <summary>Sent, and no answer in time, or an error. The command may still take effect later.</summary>
    Silence,

    /// <summary>Not sent: the master is unreachable, or has no vote now.</summary>
    Absent,
}
