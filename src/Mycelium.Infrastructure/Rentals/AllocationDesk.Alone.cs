using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Serves one node by itself and waits for locks where a round would not.</summary>
public sealed partial class AllocationDesk
{
    /// <summary>Tries until the node has been served once, then returns its queue to the rounds.</summary>
    private async Task ServeAloneAsync(NodeQueue queue)
    {
        try
        {
            bool isServed;
            do
                isServed = await ServeOnceAsync(queue).ConfigureAwait(false);
            while (!isServed);
            state.ReturnAlone(queue);
        }
        catch (Exception failure)
        {
            FailAll([queue], [], failure);
        }
    }

    /// <returns>False when the node stayed busy and callers wait for another attempt.</returns>
    private async Task<bool> ServeOnceAsync(NodeQueue queue)
    {
        NodeTurn turn = await turns.AcquireAsync(queue.Node, stopping.Token).ConfigureAwait(false);
        try
        {
            if (turn.Kind == NodeTurnKind.Busy)
                return !state.HasTimeForAnotherTurn(queue);
            List<WaitingRequest> callers = state.TakeAlone(queue);
            if (callers.Count > 0)
                await transaction.ServeAsync(queue.Node, callers, settings.RetryAfter).ConfigureAwait(false);
            return true;
        }
        finally
        {
            await ReleaseAsync(turn).ConfigureAwait(false);
        }
    }
}
