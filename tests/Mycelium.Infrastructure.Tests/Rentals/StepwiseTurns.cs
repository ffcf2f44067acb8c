using System.Threading.Channels;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Lets rounds pass one by one.</summary>
internal sealed class StepwiseTurns : INodeTurns
{
    private readonly Channel<TurnRequest> requests = Channel.CreateUnbounded<TurnRequest>();
    private int held;

    public TurnMode Mode => TurnMode.DbOnly;

    /// <summary>The next round that requests its turns.</summary>
    public Task<TurnRequest> NextAsync() => requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>
    /// Whether another round requests its turns. Everything started earlier gets its time on the thread pool first; true is certain, false is not.
    /// </summary>
    public async Task<bool> HasAnotherRequestAsync()
    {
        for (int turn = 0; turn < 100 && requests.Reader.Count == 0; turn++)
            await Task.Run(Thread.Yield);
        return requests.Reader.Count > 0;
    }

    public ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation) => ValueTask.FromResult(NodeTurn.Degraded);

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        var round = new TurnRequest(nodes, Interlocked.Increment(ref held) - 1);
        requests.Writer.TryWrite(round);
        await round.Passed.Task.WaitAsync(cancellation);
        Interlocked.Decrement(ref held);
        return RoundTurns.Of(NodeTurn.Degraded, nodes.Count);
    }

    /// <param name="OtherRounds">Rounds that were waiting for their turns when this one arrived.</param>
    internal sealed record TurnRequest(IReadOnlyList<NodeId> Nodes, int OtherRounds)
    {
        internal TaskCompletionSource Passed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Pass() => Passed.TrySetResult();
    }
}
