using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Gives turns once it is opened, counts those that are held, and breaks where a test wants it to.</summary>
internal sealed class FaultyTurns : INodeTurns
{
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int heldCount;

    public TurnMode Mode => TurnMode.Redlock;

    public int HeldCount => Volatile.Read(ref heldCount);

    /// <summary>Releasing a turn releases it, and then throws.</summary>
    public bool FailsToRelease { get; init; }

    /// <summary>The most turns that a round gets, however many nodes it has: the desk cannot serve a round that gets fewer.</summary>
    public int TurnsMax { get; init; } = int.MaxValue;

    public void Open() => opened.TrySetResult();

    /// <summary>Completes when the first round requests its turns.</summary>
    public Task RequestedAsync() => requested.Task;

    public async ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation)
    {
        requested.TrySetResult();
        await opened.Task.WaitAsync(cancellation);
        Interlocked.Increment(ref heldCount);
        return NodeTurn.Taken(new Held(this));
    }

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation) =>
        new(await Task.WhenAll(nodes.Take(TurnsMax).Select(node => AcquireAsync(node, cancellation).AsTask())));

    private sealed class Held(FaultyTurns turns) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref turns.heldCount);
            return turns.FailsToRelease ? throw new InvalidOperationException("The turn is not released.") : ValueTask.CompletedTask;
        }
    }
}
