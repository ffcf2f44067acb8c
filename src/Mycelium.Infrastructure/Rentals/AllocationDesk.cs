using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Rents slices. Callers queue here for their node, and rounds serve the queues. A round takes the turns of all nodes with waiting callers at once and serves
/// those callers in one transaction, so a hundred rentals cost one commit, whether they are at one node or at a hundred. A round starts immediately when none
/// is running, and next to a running one when enough callers wait. It never waits for a lock. Callers whose turn, node or wallet is locked at that moment are
/// served node by node, outside the rounds (<c>AllocationDesk.Alone.cs</c>). The callers that wait and what runs for them are in <see cref="DeskState"/>.
/// </summary>
public sealed partial class AllocationDesk : IAsyncDisposable
{
    private readonly INodeTurns turns;
    private readonly RentTransaction transaction;
    private readonly AllocationOptions settings;
    private readonly TimeProvider clock;
    private readonly ILogger<AllocationDesk> logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly DeskState state;
    private readonly Lock gate = new();
    private readonly HashSet<Task> running = [];

    public AllocationDesk(
        INodeTurns turns, RentTransaction transaction, IOptions<AllocationOptions> options, TimeProvider clock, ILogger<AllocationDesk> logger)
    {
        (this.turns, this.transaction, settings, this.clock, this.logger) = (turns, transaction, options.Value, clock, logger);
        state = new DeskState(settings, clock, () => Run(RoundsAsync), queue => Run(() => ServeAloneAsync(queue)));
    }

    /// <summary>
    /// Rents, or returns a refusal, within seconds. Cancelling does not undo a commit; retry with the same key to get its result.
    /// </summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not respond; retrying with the same key is safe.</exception>
    public Task<IRentSlicesResult> RentAsync(RentRequest request, CancellationToken cancellation)
    {
        var waiting = new WaitingRequest(request, clock.GetTimestamp());
        state.Add(waiting);
        return AnswerAsync(waiting, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!state.Close())
            return;
        await stopping.CancelAsync();
        while (Unfinished() is { Length: > 0 } unfinished)
            await Task.WhenAll(unfinished); // A round that ends may have started work for one node.
        stopping.Dispose();
    }

    /// <summary>A caller that is not being served when its time is up is refused at that moment, not when its turn comes.</summary>
    private async Task<IRentSlicesResult> AnswerAsync(WaitingRequest waiting, CancellationToken cancellation)
    {
        if (!await waiting.IsAnsweredAsync(settings.WaitMax, clock, cancellation).ConfigureAwait(false))
            state.RefuseIfWaiting(waiting);
        return await waiting.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private Task[] Unfinished()
    {
        lock (gate)
            return [.. running.Where(task => !task.IsCompleted)];
    }

    /// <summary>The work belongs to the desk, so it must not run in the trace or as the user of the caller that happened to start it.</summary>
    private void Run(Func<Task> work)
    {
        using (ExecutionContext.SuppressFlow())
        {
            Task task = Task.Run(work);
            lock (gate)
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
        for (Round round = state.FirstRound(); round.Nodes.Count > 0; round = state.NextRound(round))
            releasing = await ServeRoundAsync(round, releasing).ConfigureAwait(false);
        await releasing.ConfigureAwait(false);
    }

    /// <param name="round">Whom it serves.</param>
    /// <param name="releasingBefore">The release of the previous round's turns; it runs while this round requests its own.</param>
    /// <returns>The release of this round's turns.</returns>
    private async Task<Task> ServeRoundAsync(Round round, Task releasingBefore)
    {
        Task releasing = releasingBefore;
        List<WaitingRequest> callers = [];
        try
        {
            RoundTurns held = await turns.TryAcquireAsync([.. round.Nodes.Select(queue => queue.Node)], stopping.Token).ConfigureAwait(false);
            IReadOnlyList<WaitingRequest> deferredCallers = [];
            try
            {
                await releasingBefore.ConfigureAwait(false);
                state.TakeCallers(round, held.Kinds, callers);
                if (callers.Count > 0)
                    deferredCallers = await transaction.ServeRoundAsync(callers, settings.RetryAfter).ConfigureAwait(false);
            }
            finally
            {
                // Whatever happened: a lock that is not released is extended for as long as the process lives. The commands are sent before a node can be in
                // another round, and Redis runs them in order.
                releasing = ReleaseAsync(held);
            }
            state.GiveBack(round, held.Kinds, deferredCallers);
        }
        catch (Exception failure)
        {
            // Whatever happened, no caller may wait for a response that never comes.
            FailAll(round.Nodes, callers, failure);
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

    private void FailAll(IEnumerable<NodeQueue> nodes, List<WaitingRequest> callers, Exception failure)
    {
        if (!stopping.IsCancellationRequested)
            LogFailed(failure);
        foreach (WaitingRequest caller in (IEnumerable<WaitingRequest>)[.. callers, .. state.TakeAll(nodes)])
            caller.Fail(new StoreUnavailableException("The allocation desk is closing or has failed.", isRetryable: true, failure));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Callers at the allocation desk could not be served")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Error, Message = "Turns at nodes could not be released")]
    private partial void LogNotReleased(Exception failure);
}
