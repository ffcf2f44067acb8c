using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Rents slices. Callers queue here for their node, and rounds serve the queues. A round takes the turns of all nodes with waiting callers at once and serves
/// those callers in one transaction, so a hundred rentals cost one commit, whether they are at one node or at a hundred. A round starts immediately when none is
/// running, and next to a running one when enough callers wait. It never waits for a lock. Callers whose turn, node or wallet is locked at that moment are
/// served node by node, outside the rounds (<c>AllocationDesk.Alone.cs</c>).
/// </summary>
public sealed partial class AllocationDesk(
    INodeTurns turns, RentTransaction transaction, IOptions<AllocationOptions> options, TimeProvider clock, ILogger<AllocationDesk> logger) : IAsyncDisposable
{
    private readonly AllocationOptions settings = options.Value;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, NodeQueue> queues = []; // Each queue is in exactly one place: in ready, in a round, or being served alone.
    private readonly Queue<NodeQueue> ready = new();
    private readonly HashSet<Task> running = [];
    private int roundCount;
    private int servedNow; // Callers in the running rounds.
    private int crowd; // The most callers present at once in recent rounds. A caller that was just answered is likely to return.

    /// <summary>
    /// Rents, or returns a refusal, within seconds. Cancelling does not undo a commit; retry with the same key to get its result.
    /// </summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not respond; retrying with the same key is safe.</exception>
    public Task<IRentSlicesResult> RentAsync(RentRequest request, CancellationToken cancellation)
    {
        var waiting = new WaitingRequest(request, clock.GetTimestamp());
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                throw new StoreUnavailableException("The allocation desk is closing.", isRetryable: true);
            if (!queues.TryGetValue(request.NodeId, out NodeQueue? queue))
            {
                // A queue exists only while it has callers, so requests for unknown nodes leave nothing behind.
                queues.Add(request.NodeId, queue = new NodeQueue(request.NodeId));
                ready.Enqueue(queue);
            }
            if (queue.Count < settings.QueueMax)
                queue.Add(waiting);
            else
                waiting.RefuseAsContended(settings.RetryAfter);
            StartRound();
        }
        return AnswerAsync(waiting, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            stopping.Cancel();
        }
        while (Unfinished() is { Length: > 0 } unfinished)
            await Task.WhenAll(unfinished); // A round that ends may have started work for one node.
        stopping.Dispose();
    }

    /// <summary>A caller that nobody has begun to serve within its time is refused then, and not when its turn comes.</summary>
    private async Task<IRentSlicesResult> AnswerAsync(WaitingRequest waiting, CancellationToken cancellation)
    {
        if (!await waiting.IsAnsweredAsync(settings.WaitMax, clock, cancellation).ConfigureAwait(false))
        {
            lock (gate)
            {
                if (!waiting.IsTaken)
                    waiting.RefuseAsContended(settings.RetryAfter);
            }
        }
        return await waiting.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private Task[] Unfinished()
    {
        lock (gate)
            return [.. running.Where(task => !task.IsCompleted)];
    }

    /// <summary>Under the gate.</summary>
    private void StartRound()
    {
        if (roundCount == settings.RoundsAtOnce || !IsWorthARound(otherRounds: roundCount))
            return;
        roundCount++;
        Run(RoundsAsync);
    }

    /// <summary>
    /// Under the gate. Each round has a fixed cost, in PostgreSQL and in this process, which its callers share. So while another round runs, the next one starts only
    /// with half of the crowd: PostgreSQL works for one half while this process reads and answers the requests of the other. A caller at an idle desk is served
    /// immediately; otherwise a caller waits for more to arrive only until a running round ends.
    /// </summary>
    private bool IsWorthARound(int otherRounds)
    {
        int waiting = ready.Sum(queue => queue.Count);
        int present = waiting + servedNow;
        crowd = Math.Max(crowd, present);
        if (waiting == 0 || (otherRounds > 0 && 2 * waiting < crowd))
            return false;
        crowd = Math.Max(present, crowd * 7 / 8); // A crowd that left is forgotten within a few rounds.
        return true;
    }

    /// <summary>Under the gate. The work belongs to the desk, so it must not run in the trace or as the user of the caller that happened to start it.</summary>
    private void Run(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            Task task = Task.Run(work);
            running.Add(task);
            task.ContinueWith(
                finished =>
                {
                    lock (gate)
                        running.Remove(finished);
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task RoundsAsync()
    {
        Task releasing = Task.CompletedTask;
        Round round = NextRound(isDecided: true);
        while (round.Nodes.Count > 0)
        {
            releasing = await ServeRoundAsync(round.Nodes, releasing).ConfigureAwait(false);
            round = NextRound(isDecided: false, round.Callers);
        }
        await releasing.ConfigureAwait(false);
    }

    /// <param name="isDecided">The caller has already checked that a round is worth it.</param>
    /// <param name="served">Callers in the previous round.</param>
    /// <returns>A round without nodes means that the previous round was the last one for now.</returns>
    private Round NextRound(bool isDecided, int served = 0)
    {
        lock (gate)
        {
            servedNow -= served;
            Round round = isDecided || IsWorthARound(otherRounds: roundCount - 1) ? TakeNodes() : new Round([], 0);
            servedNow += round.Callers;
            if (round.Nodes.Count == 0)
                roundCount--;
            return round;
        }
    }

    /// <summary>Under the gate: the nodes of the next round, longest-waiting first.</summary>
    private Round TakeNodes()
    {
        var nodes = new List<NodeQueue>();
        int callers = 0;
        while (callers < settings.RoundMax && ready.TryDequeue(out NodeQueue? queue))
        {
            nodes.Add(queue);
            callers += Math.Min(queue.Count, settings.BatchMax);
        }
        return new Round(nodes, callers);
    }

    /// <param name="releasingBefore">The release of the previous round's turns; it runs while this round requests its own.</param>
    /// <returns>The release of this round's turns.</returns>
    private async Task<Task> ServeRoundAsync(List<NodeQueue> round, Task releasingBefore)
    {
        Task releasing = releasingBefore;
        List<WaitingRequest> callers = [];
        try
        {
            RoundTurns held = await turns.TryAcquireAsync([.. round.Select(queue => queue.Node)], stopping.Token).ConfigureAwait(false);
            IReadOnlyList<WaitingRequest> deferredCallers = [];
            try
            {
                await releasingBefore.ConfigureAwait(false);
                TakeCallers(round, held, callers);
                if (callers.Count > 0)
                    deferredCallers = await transaction.ServeRoundAsync(callers, settings.RetryAfter).ConfigureAwait(false);
            }
            finally
            {
                // Whatever happened: a lock that is not released is extended for as long as the process lives. The commands are sent before a node can be in
                // another round, and Redis runs them in order.
                releasing = ReleaseAsync(held);
            }
            GiveBack(round, held, deferredCallers);
        }
        catch (Exception failure)
        {
            // Whatever happened, no caller may wait for an answer that never comes.
            FailAll(round, callers, failure);
        }
        return releasing;
    }

    /// <summary>Never throws: callers that were served, or will be, do not depend on it.</summary>
    private async Task ReleaseAsync(IAsyncDisposable held)
    {
        try
        {
            await held.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            LogNotReleased(failure);
        }
    }

    /// <param name="callers">Receives them one node at a time, so that none is lost if this throws.</param>
    private void TakeCallers(List<NodeQueue> round, RoundTurns held, List<WaitingRequest> callers)
    {
        lock (gate)
        {
            for (int index = 0; index < round.Count; index++)
            {
                if (held.Kinds[index] == NodeTurnKind.Busy)
                    continue;
                RejectExpiredWaiters(settings.WaitMax, round[index]);
                callers.AddRange(round[index].Take(Math.Min(settings.BatchMax, settings.RoundMax - callers.Count)));
            }
        }
    }

    private void GiveBack(List<NodeQueue> round, RoundTurns held, IReadOnlyList<WaitingRequest> deferredCallers)
    {
        ILookup<NodeId, WaitingRequest> deferred = deferredCallers.ToLookup(waiting => waiting.Request.NodeId);
        lock (gate)
        {
            for (int index = 0; index < round.Count; index++)
            {
                NodeQueue queue = round[index];
                queue.PutBack(deferred[queue.Node]);
                RejectExpiredWaiters(settings.WaitMax, queue);
                if (held.Kinds[index] == NodeTurnKind.Busy || deferred.Contains(queue.Node))
                    Run(() => ServeAloneAsync(queue));
                else
                    Return(queue);
            }
        }
    }

    /// <summary>Under the gate: puts the queue of a served node behind the others, or drops it if it is empty.</summary>
    private void Return(NodeQueue queue)
    {
        if (queue.Count == 0)
            queues.Remove(queue.Node);
        else
            ready.Enqueue(queue);
    }

    /// <summary>Under the gate.</summary>
    private void RejectExpiredWaiters(TimeSpan waitMax, NodeQueue queue)
    {
        foreach (WaitingRequest waiting in queue.Take(int.MaxValue, next => clock.GetElapsedTime(next.Since) >= waitMax))
            waiting.RefuseAsContended(settings.RetryAfter);
    }

    private void FailAll(IEnumerable<NodeQueue> round, List<WaitingRequest> callers, Exception failure)
    {
        if (!stopping.IsCancellationRequested)
            LogFailed(failure);
        lock (gate)
        {
            foreach (NodeQueue queue in round)
            {
                callers.AddRange(queue.Take(int.MaxValue));
                Return(queue);
            }
        }
        foreach (WaitingRequest caller in callers)
            caller.Fail(new StoreUnavailableException("The allocation desk is closing or has failed.", isRetryable: true, failure));
    }

    /// <param name="Callers">How many it is expected to serve.</param>
    private readonly record struct Round(List<NodeQueue> Nodes, int Callers);

    [LoggerMessage(Level = LogLevel.Error, Message = "Callers at the allocation desk could not be served")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turns at nodes could not be released")]
    private partial void LogNotReleased(Exception failure);
}
