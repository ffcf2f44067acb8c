using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Serves callers of one node or many in one transaction with two round trips: lock and read, then write and commit. The domain decides in between.
/// </summary>
public sealed partial class RentTransaction(
    KeyedSource keyed, ExpireRentals expire, EventNews news, PricingPolicy policy, RentalPolicy rules, Provisioners provisioners, IOptions<EventOptions> events,
    IOptions<PostgresOptions> postgres, IOptions<RentalLimitOptions> limitOptions, TimeProvider clock, ILogger<RentTransaction> logger)
{
    private readonly RentalLimits ofAccounts = limitOptions.Value.For(isPartner: false);
    private readonly RentalLimits ofPartners = limitOptions.Value.For(isPartner: true);

    /// <summary>
    /// Serves a round: callers of many nodes together. It never waits for a lock: callers whose node or wallet is locked are deferred. All callers are deferred
    /// when the transaction fails for a reason that may lie with one of them.
    /// </summary>
    /// <returns>The deferred callers: not answered yet, and to be served node by node.</returns>
    internal async Task<IReadOnlyList<WaitingRequest>> ServeRoundAsync(IReadOnlyList<WaitingRequest> callers, TimeSpan retryAfter)
    {
        List<WaitingRequest> deferredCallers = [];
        Exception? failure = await TryServeAsync(callers, deferredCallers).ConfigureAwait(false);
        if (failure is null)
            return deferredCallers;
        if (PostgresFailures.IsAbsence(failure))
        {
            Refuse(callers, failure, retryAfter);
            return [];
        }
        if (!PostgresFailures.IsContention(failure))
            LogSplit(failure, callers.Count);
        return callers;
    }

    /// <summary>Answers every caller. When the shared transaction fails, each caller gets its own, so that one bad request does not fail the others.</summary>
    internal async Task ServeAsync(NodeId node, IReadOnlyList<WaitingRequest> callers, TimeSpan retryAfter)
    {
        Exception? failure = await TryServeAsync(callers).ConfigureAwait(false);
        if (failure is null)
            return;
        if (PostgresFailures.IsLockTimeout(failure) || PostgresFailures.IsAbsence(failure))
        {
            // One transaction per caller would wait just as long, once for each of them.
            Refuse(callers, failure, retryAfter);
            return;
        }

        if (!PostgresFailures.IsContention(failure))
            LogSplitAt(failure, callers.Count, node);
        foreach (WaitingRequest caller in callers)
        {
            if (await TryServeAsync([caller]).ConfigureAwait(false) is { } own)
                Refuse([caller], own, retryAfter);
        }
    }

    private static void Refuse(IEnumerable<WaitingRequest> callers, Exception failure, TimeSpan retryAfter)
    {
        foreach (WaitingRequest caller in callers)
        {
            if (PostgresFailures.IsContention(failure))
                caller.RefuseAsContended(retryAfter);
            else
                caller.Fail(PostgresFailures.AsUnavailable(failure) ?? failure);
        }
    }

    /// <param name="deferredCallers">Receives the callers whose rows are locked. Without it the transaction waits for those rows.</param>
    private async Task<Exception?> TryServeAsync(IReadOnlyList<WaitingRequest> callers, List<WaitingRequest>? deferredCallers = null)
    {
        try
        {
            IRentSlicesResult?[] answers = await RentAsync(callers, skipsLocked: deferredCallers is not null).ConfigureAwait(false);
            List<(WaitingRequest Caller, NotEnoughSlices Refusal)> lacking = [];
            for (int index = 0; index < callers.Count; index++)
            {
                if (answers[index] is NotEnoughSlices refusal)
                    lacking.Add((callers[index], refusal));
                else if (answers[index] is { } answer)
                    callers[index].Answer(answer);
                else
                    deferredCallers!.Add(callers[index]);
            }
            if (lacking.Count > 0)
                await ServeWhereTermsAreOverAsync(lacking, deferredCallers).ConfigureAwait(false);
            return null;
        }
        catch (Exception failure)
        {
            return failure; // Each caller receives it in a form of its own.
        }
    }

    /// <summary>
    /// Callers who lack slices at nodes where rentals have expired that the next pass has not ended yet: a round defers them, since ending
    /// those rentals waits for locks; served node by node, the rentals are ended and the callers served once more. Never throws: the other callers' rentals are
    /// committed.
    /// </summary>
    private async Task ServeWhereTermsAreOverAsync(List<(WaitingRequest Caller, NotEnoughSlices Refusal)> lacking, List<WaitingRequest>? deferredCallers)
    {
        IReadOnlySet<NodeId> due = await expire.FindDueAsync(
            [.. lacking.Select(each => each.Caller.Request.NodeId).Distinct()], CancellationToken.None).ConfigureAwait(false);
        foreach ((WaitingRequest caller, NotEnoughSlices refusal) in lacking)
        {
            if (!due.Contains(caller.Request.NodeId))
                caller.Answer(refusal);
            else
                deferredCallers?.Add(caller);
        }
        if (due.Count == 0 || deferredCallers is not null)
            return;
        await expire.TryExecuteAt(due, CancellationToken.None).ConfigureAwait(false);
        await ServeOnceMoreAsync([.. lacking.Where(each => due.Contains(each.Caller.Request.NodeId))]).ConfigureAwait(false);
    }

    private async Task ServeOnceMoreAsync(List<(WaitingRequest Caller, NotEnoughSlices Refusal)> lacking)
    {
        WaitingRequest[] callers = [.. lacking.Select(each => each.Caller)];
        IRentSlicesResult?[] answers = [.. lacking.Select(each => each.Refusal)];
        try
        {
            answers = await RentAsync(callers, skipsLocked: false).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsContention(failure))
        {
            // Nothing was done, and the refusal stands.
        }
        catch (Exception failure)
        {
            Refuse(callers, failure, retryAfter: default); // It is not known whether it was committed.
        }
        for (int index = 0; index < callers.Length; index++)
            callers[index].Answer(answers[index]!); // Nothing to a caller who was answered already.
    }

    private async Task<IRentSlicesResult?[]> RentAsync(IReadOnlyList<WaitingRequest> callers, bool skipsLocked)
    {
        long begun = clock.GetTimestamp();
        RentRequest[] requests = [.. callers.Select(caller => caller.Request)];
        return await keyed.Connections.UseAsync(
            connection => RentAsync(connection, requests, skipsLocked), CancellationToken.None,
            () => clock.GetElapsedTime(begun) < postgres.Value.IdleInTransactionTimeout).ConfigureAwait(false);
    }

    /// <returns>One answer per request, or null where the rows are locked.</returns>
    /// <remarks>Not cancellable: a running transaction ends soon, at its time-outs at the latest, and a commit that was sent must be awaited.</remarks>
    private async Task<IRentSlicesResult?[]> RentAsync(NpgsqlConnection connection, IReadOnlyList<RentRequest> requests, bool skipsLocked)
    {
        RentReading read = await RentReading.LockAndReadAsync(connection, requests, LimitsOf, skipsLocked).ConfigureAwait(false);
        var decisions = new RentDecisions(read, policy, rules, LimitsOf, provisioners);
        IRentSlicesResult?[] answers = [.. requests.Select(request => skipsLocked && !read.Holds(request) ? null : decisions.Decide(request))];
        if (decisions.HasRented)
            await decisions.Write(new NpgsqlBatch(connection)).ThenStampAndCommit(events.Value.StampBatch)
                .RunAndPublishAsync(news, events.Value.StampBatch).ConfigureAwait(false);
        return answers;
    }

    private RentalLimits LimitsOf(RentRequest request) => request.IsPartner ? ofPartners : ofAccounts;

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of {Count} callers failed; each node gets a transaction of its own")]
    private partial void LogSplit(Exception failure, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A transaction for {Count} callers at node {Node} failed; each gets its own")]
    private partial void LogSplitAt(Exception failure, int count, NodeId node);
}
