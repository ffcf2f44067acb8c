using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Where slices are rented. Callers queue here for their node, and rounds serve the queues: a round takes the turns of all nodes that somebody waits at, all
/// at once, and serves everybody in one transaction, so that a hundred rentals cost one commit, whether of one node or of a hundred. A round begins at
/// once when none is under way, and beside another one when it is worth it; it waits for nobody. Callers whose turn, node or wallet somebody else has at that
/// moment are served node by node, beside the rounds (<c>AllocationDesk.Alone.cs</c>).
/// </summary>
public sealed partial class AllocationDesk(
    INodeTurns turns, RentTransaction transaction, IOptions<AllocationOptions> options, TimeProvider clock, ILogger<AllocationDesk> logger) : IAsyncDisposable
{
    private readonly AllocationOptions settings = options.Value;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, NodeQueue> queues = []; // A queue is in one place: in ready, in a round, or served alone.
    private readonly Queue<NodeQueue> ready = new();
    private readonly HashSet<Task> working = [];
    private int roundCount;
    private int beingServed; // Callers of the rounds under way.
    private int crowd; // Callers that were here at a time, lately: who has been answered is likely to come back.

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
            {
                // A queue lives while somebody waits or is served, so that ids of nodes that never were leave nothing behind.
                queues.Add(request.NodeId, queue = new NodeQueue(request.NodeId));
                ready.Enqueue(queue);
            }
            if (queue.Count < settings.QueueMax)
                queue.Add(waiting);
            else
                waiting.RefuseAsContended(settings.RetryAfter);
            StartRound();
        }
        return waiting.WaitAsync(cancellation);
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
            await Task.WhenAll(unfinished); // A round that ends may have left somebody to be served alone.
        stopping.Dispose();
    }

    private Task[] Unfinished()
    {
        lock (gate)
            return [.. working.Where(task => !task.IsCompleted)];
    }

    /// <summary>Under the gate.</summary>
    private void StartRound()
    {
        if (roundCount == settings.RoundsAtOnce || !IsWorthARound(besides: roundCount))
            return;
        roundCount++;
        Run(RoundsAsync);
    }

    /// <summary>
    /// Under the gate. What a round costs by itself is paid for as many callers as it has, in PostgreSQL and with us, so beside another round one begins with half of
    /// the crowd: while PostgreSQL works for one half, we read and answer the requests of the other. Who comes to an idle desk is served at once; otherwise
    /// nobody waits for others longer than until a round ends.
    /// </summary>
    private bool IsWorthARound(int besides)
    {
        int waiting = ready.Sum(queue => queue.Count);
        int here = waiting + beingServed;
        crowd = Math.Max(crowd, here);
        if (waiting == 0 || (besides > 0 && 2 * waiting < crowd))
            return false;
        crowd = Math.Max(here, crowd * 7 / 8); // Forgotten within a few rounds, when it has gone.
        return true;
    }

    /// <summary>Under the gate. The work is the desk's: it must not run in the trace, or as the user, of the caller who happened to come first.</summary>
    private void Run(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            Task task = Task.Run(work);
            working.Add(task);
            task.ContinueWith(
                done =>
                {
                    lock (gate)
                        working.Remove(done);
                },
                CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task RoundsAsync()
    {
        Task lettingGo = Task.CompletedTask;
        Round round = NextRound(isDecided: true);
        while (round.Nodes.Count > 0)
        {
            lettingGo = await ServeRoundAsync(round.Nodes, lettingGo).ConfigureAwait(false);
            round = NextRound(isDecided: false, round.Callers);
        }
        await lettingGo.ConfigureAwait(false);
    }

    /// <param name="isDecided">It was found to be worth it.</param>
    /// <param name="served">Callers of the round before.</param>
    /// <returns>One without nodes, and this was the last round for now.</returns>
    private Round NextRound(bool isDecided, int served = 0)
    {
        lock (gate)
        {
            beingServed -= served;
            Round round = isDecided || IsWorthARound(besides: roundCount - 1) ? TakeNodes() : new Round([], 0);
            beingServed += round.Callers;
            if (round.Nodes.Count == 0)
                roundCount--;
            return round;
        }
    }

    /// <summary>Under the gate: the nodes of a round, those first that have waited longest for one.</summary>
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

    /// <param name="lettingGoBefore">The turns of the round before are given back while this one asks for its own.</param>
    /// <returns>Its turns being given back.</returns>
    private async Task<Task> ServeRoundAsync(List<NodeQueue> round, Task lettingGoBefore)
    {
        Task lettingGo = Task.CompletedTask;
        List<WaitingRequest> callers = [];
        try
        {
            RoundTurns held = await turns.TryAcquireAsync([.. round.Select(queue => queue.Node)], stopping.Token).ConfigureAwait(false);
            await lettingGoBefore.ConfigureAwait(false);
            callers = TakeCallers(round, held);
            IReadOnlyList<WaitingRequest> aside = callers.Count == 0 ? [] : await transaction.ServeRoundAsync(callers, settings.RetryAfter).ConfigureAwait(false);
            lettingGo = held.DisposeAsync().AsTask(); // Sent before a node can be in another round, and commands are served in order.
            GiveBack(round, held, aside);
        }
        catch (Exception failure)
        {
            // Whatever it was, nobody may wait for an answer that never comes.
            FailAll(round, callers, failure);
        }
        return lettingGo;
    }

    private List<WaitingRequest> TakeCallers(List<NodeQueue> round, RoundTurns held)
    {
        List<WaitingRequest> callers = [];
        lock (gate)
        {
            for (int index = 0; index < round.Count; index++)
            {
                if (held.Kinds[index] == NodeTurnKind.Busy)
                    continue;
                RefuseWhoWaitedFor(settings.WaitMax, round[index]);
                callers.AddRange(round[index].Take(Math.Min(settings.BatchMax, settings.RoundMax - callers.Count)));
            }
        }
        return callers;
    }

    private void GiveBack(List<NodeQueue> round, RoundTurns held, IReadOnlyList<WaitingRequest> aside)
    {
        ILookup<NodeId, WaitingRequest> unserved = aside.ToLookup(waiting => waiting.Request.NodeId);
        lock (gate)
        {
            for (int index = 0; index < round.Count; index++)
            {
                NodeQueue queue = round[index];
                queue.PutBack(unserved[queue.Node]);
                if (held.Kinds[index] == NodeTurnKind.Busy || unserved.Contains(queue.Node))
                    Run(() => ServeAloneAsync(queue));
                else
                    Return(queue);
            }
        }
    }

    /// <summary>Under the gate: the queue of a node that was served. Others come first now.</summary>
    private void Return(NodeQueue queue)
    {
        if (queue.Count == 0)
            queues.Remove(queue.Node);
        else
            ready.Enqueue(queue);
    }

    /// <summary>Under the gate.</summary>
    private void RefuseWhoWaitedFor(TimeSpan time, NodeQueue queue)
    {
        foreach (WaitingRequest waiting in queue.Take(int.MaxValue, next => clock.GetElapsedTime(next.Since) >= time))
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

    /// <param name="Callers">As many as it is begun for.</param>
    private readonly record struct Round(List<NodeQueue> Nodes, int Callers);

    [LoggerMessage(Level = LogLevel.Error, Message = "Callers at the allocation desk could not be served")]
    private partial void LogFailed(Exception failure);
}
