using System.Globalization;
using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Redis;

/// <summary>Every key and every channel that we use in Redis, all under <c>myc:{environment}:</c>.</summary>
public sealed class Channels(string environment)
{
    private readonly string prefix = $"myc:{environment}:";

    /// <summary>Key: a replica's turn at a node. Holds the lock's id, and expires.</summary>
    public string NodeLock(NodeId node) => string.Create(CultureInfo.InvariantCulture, $"{prefix}lock:node:{node.Value}");

    /// <summary>Key: locked and unlocked to see whether locking works. A new one each time, so that no probe meets another.</summary>
    public string ProbeLock(Guid probe) => $"{prefix}lock:probe:{probe:N}";

    /// <summary>Key: what a caller has left of a minute's points. Expires a minute after its last use.</summary>
    public string Points(string caller) => $"{prefix}points:{caller}";

    /// <summary>Channel: events were stamped. Holds the first and the last sequence, as <c>17-23</c>; a hint, nothing more.</summary>
    public string EventsStamped => prefix + "events:stamped";
}
