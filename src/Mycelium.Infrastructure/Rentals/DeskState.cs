using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// The callers that wait at the allocation desk, and what runs for them: everything that the desk's lock guards. It starts nothing itself:
/// <paramref name="startRound"/> and <paramref name="startAlone"/> are called under the lock and only schedule work.
/// </summary>
/// <param name="settings">Bounds of queues and rounds.</param>
/// <param name="clock">For how long callers have waited.</param>
/// <param name="startRound">Schedules rounds, which begin with <see cref="FirstRound"/>.</param>
/// <param name="startAlone">Schedules work for one node outside the rounds, which ends with <see cref="ReturnAlone"/>.</param>
internal sealed class DeskState(AllocationOptions settings, TimeProvider clock, Action startRound, Action<NodeQueue> startAlone)
{
    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, NodeQueue> queues = []; // Each queue is in exactly one place: in ready, in a round, or being served alone.
    private readonly Queue<NodeQueue> ready = new();
    private int roundCount;
    private int servedNow; // Callers in the running rounds.
    private int crowd; // The most callers present at once in recent rounds. A caller that was just answered is likely to return.
    private bool isClosed;

    /// <summary>Queues a caller for its node, or refuses it when the queue is full.</summary>
    /// <exception cref="StoreUnavailableException">The desk is closed.</exception>
    public void Add(WaitingRequest waiting)
    {
        NodeId node = waiting.Request.NodeId;
        lock (gate)
        {
            if (isClosed)
                throw new StoreUnavailableException("The allocation desk is closing.", isRetryable: true);
            if (!queues.TryGetValue(node, out NodeQueue? queue))
            {
                // A queue exists only while it has callers, so requests for unknown nodes leave nothing behind.
                queues.Add(node, queue = new NodeQueue(node));
                ready.Enqueue(queue);
            }
            if (queue.Count < settings.QueueMax)
                queue.Add(waiting);
            else
                waiting.RefuseAsContended(settings.RetryAfter);
            StartRound();
        }
    }

    /// <summary>Accepts no more callers.</summary>
    /// <returns>False when it was closed before.</returns>
    public bool Close()
    {
        lock (gate)
            return !isClosed && (isClosed = true);
    }

    /// <summary>Refuses a caller that has waited for too long, unless it is being served.</summary>
    public void RefuseIfWaiting(WaitingRequest waiting)
    {
        lock (gate)
        {
            if (!waiting.IsTaken)
                waiting.RefuseAsContended(settings.RetryAfter);
        }
    }

    /// <summary>The nodes of a round that was just started.</summary>
    public Round FirstRound()
    {
        lock (gate)
            return Begin(TakeNodes());
    }

    /// <summary>The nodes of the next round.</summary>
    /// <param name="served">The round before.</param>
    /// <returns>A round without nodes when no more are worth running for now: its runner is done.</returns>
    public Round NextRound(Round served)
    {
        lock (gate)
        {
            servedNow -= served.Callers;
            return Begin(IsWorthARound(otherRounds: roundCount - 1) ? TakeNodes() : new Round([], 0));
        }
    }

    /// <summary>Takes the callers of the nodes whose turn is held.</summary>
    /// <param name="round">The nodes.</param>
    /// <param name="kinds">Their turns, in the same order.</param>
    /// <param name="callers">Receives them one node at a time, so that none is lost if this throws.</param>
    public void TakeCallers(Round round, IReadOnlyList<NodeTurnKind> kinds, List<WaitingRequest> callers)
    {
        lock (gate)
        {
            for (int index = 0; index < round.Nodes.Count; index++)
            {
                if (kinds[index] == NodeTurnKind.Busy)
                    continue;
                RejectExpiredWaiters(settings.WaitMax, round.Nodes[index]);
                callers.AddRange(round.Nodes[index].Take(Math.Min(settings.BatchMax, settings.RoundMax - callers.Count)));
            }
        }
    }

    /// <summary>Ends a round: its nodes wait for another one, and nodes that were locked are served alone.</summary>
    /// <param name="round">The nodes.</param>
    /// <param name="kinds">Their turns, in the same order.</param>
    /// <param name="deferredCallers">Callers whose rows were locked.</param>
    public void GiveBack(Round round, IReadOnlyList<NodeTurnKind> kinds, IReadOnlyList<WaitingRequest> deferredCallers)
    {
        ILookup<NodeId, WaitingRequest> deferred = deferredCallers.ToLookup(waiting => waiting.Request.NodeId);
        lock (gate)
        {
            for (int index = 0; index < round.Nodes.Count; index++)
            {
                NodeQueue queue = round.Nodes[index];
                queue.PutBack(deferred[queue.Node]);
                RejectExpiredWaiters(settings.WaitMax, queue);
                if (kinds[index] == NodeTurnKind.Busy || deferred.Contains(queue.Node))
                    startAlone(queue);
                else
                    Return(queue);
            }
        }
    }

    /// <summary>Takes the callers of a node whose turn is held, outside the rounds.</summary>
    public List<WaitingRequest> TakeAlone(NodeQueue queue)
    {
        lock (gate)
        {
            RejectExpiredWaiters(settings.WaitMax, queue);
            return queue.Take(settings.BatchMax);
        }
    }

    /// <summary>
    /// Another replica held the node for longer than a turn lasts: callers with enough time left get another attempt, the others are refused.
    /// </summary>
    /// <returns>Whether callers are left.</returns>
    public bool HasTimeForAnotherTurn(NodeQueue queue)
    {
        lock (gate)
        {
            RejectExpiredWaiters(settings.WaitMax / 2, queue);
            return queue.Count > 0;
        }
    }

    /// <summary>Returns a node that was served alone to the rounds.</summary>
    public void ReturnAlone(NodeQueue queue)
    {
        lock (gate)
        {
            Return(queue);
            StartRound();
        }
    }

    /// <summary>Takes all callers of nodes that cannot be served.</summary>
    public List<WaitingRequest> TakeAll(IEnumerable<NodeQueue> nodes)
    {
        var callers = new List<WaitingRequest>();
        lock (gate)
        {
            foreach (NodeQueue queue in nodes)
            {
                callers.AddRange(queue.Take(int.MaxValue));
                Return(queue);
            }
        }
        return callers;
    }

    /// <summary>Under the gate.</summary>
    private void StartRound()
    {
        if (roundCount == settings.RoundsAtOnce || !IsWorthARound(otherRounds: roundCount))
            return;
        roundCount++;
        startRound();
    }

    /// <summary>
    /// Under the gate. Each round has a fixed cost, in PostgreSQL and in this process, which its callers share. So while another round runs, the next one
    /// starts only with half of the crowd: PostgreSQL works for one half while this process reads and answers the requests of the other. A caller at an idle
    /// desk is served immediately; otherwise a caller waits for more to arrive only until a running round ends.
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

    /// <summary>Under the gate.</summary>
    private Round Begin(Round round)
    {
        servedNow += round.Callers;
        if (round.Nodes.Count == 0)
            roundCount--;
        return round;
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
}

/// <summary>The nodes of one round.</summary>
/// <param name="Nodes">Their queues, the longest-waiting first.</param>
/// <param name="Callers">How many callers the round is expected to serve.</param>
internal readonly record struct Round(IReadOnlyList<NodeQueue> Nodes, int Callers);
