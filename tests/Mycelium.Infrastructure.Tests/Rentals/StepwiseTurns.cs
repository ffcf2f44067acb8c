using System.Threading.Channels;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Lets rounds pass one by one.</summary>
internal sealed class StepwiseTurns : INodeTurns
{
    private readonly Channel<Asked> asked = Channel.CreateUnbounded<Asked>();
    private int held;

    public TurnMode Mode => TurnMode.DbOnly;

    /// <summary>The next round that asks for its turns.</summary>
    public Task<Asked> NextAsync() => asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Whether another round asks, once what was started before has had its turn on the pool's threads: true when one surely does.</summary>
    public async Task<bool> IsAnotherAskingAsync()
    {
        for (int turn = 0; turn < 100 && asked.Reader.Count == 0; turn++)
            await Task.Run(Thread.Yield);
        return asked.Reader.Count > 0;
    }

    public ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation) => ValueTask.FromResult(NodeTurn.Degraded);

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        var round = new Asked(nodes, Interlocked.Increment(ref held) - 1);
        asked.Writer.TryWrite(round);
        await round.Passed.Task.WaitAsync(cancellation);
        Interlocked.Decrement(ref held);
        return RoundTurns.Of(NodeTurn.Degraded, nodes.Count);
    }

    /// <param name="Besides">Rounds that were held when it asked.</param>
    internal sealed record Asked(IReadOnlyList<NodeId> Nodes, int Besides)
    {
        internal TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Pass() => Passed.TrySetResult();
    }
}
