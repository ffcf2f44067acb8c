using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Gives every caller the same answer, once it is opened.</summary>
internal sealed class GatedTurns : INodeTurns
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeTurn Answer { get; init; } = NodeTurn.Degraded;

    public TurnMode Mode => TurnMode.DbOnly;

    public void Open() => opened.TrySetResult();

    /// <summary>Completes when the first caller waits at the gate.</summary>
    public Task RequestedAsync() => requested.Task;

    public async ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return Answer;
    }

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        return RoundTurns.Of(Answer, nodes.Count);
    }

    private Task PassAsync(CancellationToken cancellation)
    {
        requested.TrySetResult();
        return opened.Task.WaitAsync(cancellation);
    }
}
