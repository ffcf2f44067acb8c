using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Serving one node by itself, waiting where a round would not.</summary>
public sealed partial class AllocationDesk
{
    /// <summary>Until the node was served once; then its queue goes back to the rounds.</summary>
    private async Task ServeAloneAsync(NodeQueue queue)
    {
        try
        {
            bool isServed;
            do
                isServed = await ServeOnceAsync(queue).ConfigureAwait(false);
            while (!isServed);
            lock (gate)
            {
                Return(queue);
                StartRound();
            }
        }
        catch (Exception failure)
        {
            FailAll([queue], [], failure);
        }
    }

    /// <returns>False when others kept the turn and somebody waits for one more try.</returns>
    private async Task<bool> ServeOnceAsync(NodeQueue queue)
    {
        await using NodeTurn turn = await turns.AcquireAsync(queue.Node, stopping.Token).ConfigureAwait(false);
        List<WaitingRequest> callers;
        lock (gate)
        {
            if (turn.Kind == NodeTurnKind.Busy)
            {
                // Others keep the node longer than a turn lasts. Who came late enough waits for one more try.
                RefuseWhoWaitedFor(settings.WaitMax / 2, queue);
                return queue.Count == 0;
            }
            RefuseWhoWaitedFor(settings.WaitMax, queue);
            callers = queue.Take(settings.BatchMax);
        }
        if (callers.Count > 0)
            await transaction.ServeAsync(queue.Node, callers, settings.RetryAfter).ConfigureAwait(false);
        return true;
    }
}
