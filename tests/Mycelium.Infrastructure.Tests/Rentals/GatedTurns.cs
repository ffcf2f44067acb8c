using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Gives the same answer to everybody, once it is opened.</summary>
internal sealed class GatedTurns : INodeTurns
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NodeTurn Answer { get; init; } = NodeTurn.Degraded;

    public TurnMode Mode => TurnMode.DbOnly;

    public void Open() => opened.TrySetResult();

    /// <summary>Somebody waits at the gate.</summary>
    public Task AskedAsync() => asked.Task;

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
        asked.TrySetResult();
        return opened.Task.WaitAsync(cancellation);
    }
}
