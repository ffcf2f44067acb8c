using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Where slices are rented. Callers queue here for their node; one loop a node takes the node's turn among all replicas and serves everybody who waits
/// in one transaction, so that a crowd costs the database one row lock and one commit and not hundreds.
/// </summary>
public sealed partial class AllocationDesk(
    INodeTurns turns, RentTransaction transaction, IOptions<AllocationOptions> options, TimeProvider clock, ILogger<AllocationDesk> logger) : IAsyncDisposable
{
    private readonly AllocationOptions settings = options.Value;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, NodeQueue> queues = [];

    /// <summary>
    /// Rents, or says why not. An answer or an exception comes within seconds. Who cancels may have rented all the same, and finds out with the same key.
    /// </summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer; sending the same request with the same key is safe.</exception>
    public Task<IRentSlicesResult> RentAsync(RentRequest request, CancellationToken cancellation)
    {
        var waiting = new WaitingRequest(request, clock.GetTimestamp());
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                throw new StoreUnavailableException("The allocation desk is closing.", isRetryable: true);
            if (!queues.TryGetValue(request.NodeId, out NodeQueue? queue))
                queues.Add(request.NodeId, queue = Open(request.NodeId));
            if (queue.Waiting.Count < settings.QueueMax)
                queue.Waiting.Enqueue(waiting);
            else
                waiting.RefuseAsContended(settings.RetryAfter);
        }
        return waiting.WaitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Task[] serving;
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            stopping.Cancel();
            serving = [.. queues.Values.Select(queue => queue.Serving)];
        }
        await Task.WhenAll(serving);
        stopping.Dispose();
    }

    /// <summary>A queue lives while somebody is served, so that ids of nodes that never were leave nothing behind.</summary>
    private NodeQueue Open(NodeId node)
    {
        var queue = new NodeQueue();
        // The loop is the desk's: it must not run in the trace, or as the user, of the caller who happened to come first.
        using (ExecutionContext.SuppressFlow())
            queue.Serving = Task.Run(() => ServeAsync(node, queue));
        return queue;
    }

    private async Task ServeAsync(NodeId node, NodeQueue queue)
    {
        while (IsWanted(node, queue))
        {
            try
            {
                await ServeOnceAsync(node, queue).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                // Whatever it was, nobody may wait for an answer that never comes.
                if (!stopping.IsCancellationRequested)
                    LogFailed(failure, node);
                foreach (WaitingRequest waiting in Take(queue, settings.QueueMax))
                    waiting.Fail(new StoreUnavailableException("The allocation desk is closing or has failed.", isRetryable: true, failure));
            }
        }
    }

    private async Task ServeOnceAsync(NodeId node, NodeQueue queue)
    {
        await using NodeTurn turn = await turns.AcquireAsync(node, stopping.Token).ConfigureAwait(false);
        if (turn.Kind == NodeTurnKind.Busy)
        {
            // Others keep the node longer than a turn lasts. Who came late enough waits for one more try.
            foreach (WaitingRequest waiting in Take(queue, settings.QueueMax, olderThan: settings.WaitMax / 2))
                waiting.RefuseAsContended(settings.RetryAfter);
            return;
        }

        foreach (WaitingRequest waiting in Take(queue, settings.QueueMax, olderThan: settings.WaitMax))
            waiting.RefuseAsContended(settings.RetryAfter);
        List<WaitingRequest> batch = Take(queue, settings.BatchMax);
        if (batch.Count > 0)
            await transaction.ServeAsync(node, batch, settings.RetryAfter).ConfigureAwait(false);
    }

    /// <summary>Whether anybody waits; if not, the queue is closed in the same breath.</summary>
    private bool IsWanted(NodeId node, NodeQueue queue)
    {
        lock (gate)
        {
            if (queue.Waiting.Count > 0)
                return true;
            queues.Remove(node);
            return false;
        }
    }

    /// <summary>The first ones of the queue, without those who have gone.</summary>
    private List<WaitingRequest> Take(NodeQueue queue, int max, TimeSpan olderThan = default)
    {
        var taken = new List<WaitingRequest>();
        lock (gate)
        {
            while (taken.Count < max && queue.Waiting.TryPeek(out WaitingRequest? next) && clock.GetElapsedTime(next.Since) >= olderThan)
            {
                queue.Waiting.Dequeue();
                if (!next.IsAbandoned)
                    taken.Add(next);
            }
        }
        return taken;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Callers at node {Node} could not be served")]
    private partial void LogFailed(Exception failure, NodeId node);

    private sealed class NodeQueue
    {
        public Queue<WaitingRequest> Waiting { get; } = new();
        public Task Serving { get; set; } = Task.CompletedTask;
    }
}
