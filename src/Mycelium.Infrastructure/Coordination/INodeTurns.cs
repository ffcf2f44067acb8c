using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Coordination;

/// <summary>
/// Turns at a node among all replicas, so that a crowd queues in front of the database and not in it. A turn is a courtesy: work without one is slower but
/// just as correct, because PostgreSQL decides.
/// </summary>
public interface INodeTurns
{
    /// <summary>How turns are taken at this moment.</summary>
    TurnMode Mode { get; }

    /// <summary>Waits for the turn for as long as the budget lasts; always completes.</summary>
    ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation);

    /// <summary>One attempt for several nodes at once, without waiting: a node whose turn another holds is <see cref="NodeTurnKind.Busy"/>.</summary>
    ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation);
}

/// <summary>Where turns come from, as reported by health and by the gauge <c>mycelium_lock_mode</c>.</summary>
public enum TurnMode
{
    /// <summary>Locks of RedLock.net on a quorum of Redis masters: one replica at a time.</summary>
    Redlock,

    /// <summary>Redis is down: PostgreSQL's row locks alone queue the replicas. Works, with more waiting: degraded.</summary>
    DbOnly,

    /// <summary>There is one replica, and its memory will do.</summary>
    InProcess,
}

/// <summary>The outcome of an attempt to take a turn.</summary>
public enum NodeTurnKind
{
    /// <summary>Ours until it is disposed.</summary>
    Taken,

    /// <summary>Turns are not available now; continue with the database alone.</summary>
    Degraded,

    /// <summary>Another replica held it for as long as we waited, or turns are not available and may not be skipped.</summary>
    Busy,
}

/// <summary>A turn, or the reason why it was not granted. Disposing releases it.</summary>
public sealed class NodeTurn : IAsyncDisposable
{
    private readonly IAsyncDisposable? held;

    private NodeTurn(NodeTurnKind kind, IAsyncDisposable? held = null) => (Kind, this.held) = (kind, held);

    public static NodeTurn Degraded { get; } = new(NodeTurnKind.Degraded);

    public static NodeTurn Busy { get; } = new(NodeTurnKind.Busy);

    public NodeTurnKind Kind { get; }

    public static NodeTurn Taken(IAsyncDisposable held) => new(NodeTurnKind.Taken, held);

    public ValueTask DisposeAsync() => held?.DisposeAsync() ?? ValueTask.CompletedTask;
}
