using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Coordination;

/// <summary>
/// Turns for one replica without Redis. The allocation desk already serves a node one transaction at a time within its process, so every turn is free.
/// </summary>
internal sealed class InProcessTurns : INodeTurns
{
    private static readonly NodeTurn turn = NodeTurn.Taken(new Nothing());

    public TurnMode Mode => TurnMode.InProcess;

    public ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation) => new(turn);

    public ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation) => new(RoundTurns.Of(turn, nodes.Count));

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
