using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Serves callers, of one node or of many, in one transaction of two round trips: lock and read; write and commit. The domain decides in between.
/// </summary>
public sealed partial class RentTransaction(
    KeyedSource keyed, EventNews news, PricingPolicy policy, IOptions<EventOptions> events, IOptions<PostgresOptions> postgres, TimeProvider clock,
    ILogger<RentTransaction> logger)
{
    /// <summary>
    /// Serves a round: callers of many nodes together. It waits for nobody: callers whose node or wallet somebody else has locked are left out, and are
    /// everybody's callers when the transaction fails for a reason that may be of one of them.
    /// </summary>
    /// <returns>Those who have no answer yet and are to be served node by node.</returns>
    internal async Task<IReadOnlyList<WaitingRequest>> ServeRoundAsync(IReadOnlyList<WaitingRequest> callers, TimeSpan retryAfter)
    {
        List<WaitingRequest> aside = [];
        Exception? failure = await TryServeAsync(callers, aside).ConfigureAwait(false);
        if (failure is null)
            return aside;
        if (PostgresFailures.AsUnavailable(failure) is not null)
        {
            Refuse(callers, failure, retryAfter);
            return [];
        }
        if (!PostgresFailures.IsContention(failure))
            LogSplit(failure, callers.Count);
        return callers;
    }

    /// <summary>Answers everybody. When the transaction of all fails, each gets one of its own: what is wrong with one caller is not the others' problem.</summary>
    internal async Task ServeAsync(NodeId node, IReadOnlyList<WaitingRequest> callers, TimeSpan retryAfter)
    {
        Exception? failure = await TryServeAsync(callers).ConfigureAwait(false);
        if (failure is null)
            return;
        if (PostgresFailures.IsLockTimeout(failure) || PostgresFailures.AsUnavailable(failure) is not null)
        {
            // Trying each one by itself would wait as long again for each.
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

    /// <param name="aside">Takes the callers for whom others would have to be waited for; without it they are waited for.</param>
    private async Task<Exception?> TryServeAsync(IReadOnlyList<WaitingRequest> callers, List<WaitingRequest>? aside = null)
    {
        try
        {
            long begun = clock.GetTimestamp();
            IReadOnlyList<IRentSlicesResult?> answers = await keyed.Connections.UseAsync(
                connection => RentAsync(connection, [.. callers.Select(caller => caller.Request)], skipsLocked: aside is not null), CancellationToken.None,
                () => clock.GetElapsedTime(begun) < postgres.Value.IdleInTransactionTimeout).ConfigureAwait(false);
            for (int index = 0; index < callers.Count; index++)
            {
                if (answers[index] is { } answer)
                    callers[index].Answer(answer);
                else
                    aside!.Add(callers[index]);
            }
            return null;
        }
        catch (Exception failure)
        {
            return failure; // Told to the callers, each in its own way.
        }
    }

    /// <returns>An answer for each, or null for those who were left out.</returns>
    /// <remarks>Not cancellable: what is under way ends soon, by its time-outs at the latest, and a commit that was sent must be waited for.</remarks>
    private async Task<IReadOnlyList<IRentSlicesResult?>> RentAsync(NpgsqlConnection connection, IReadOnlyList<RentRequest> requests, bool skipsLocked)
    {
        RentReading read = await RentReading.LockAndReadAsync(connection, requests, skipsLocked).ConfigureAwait(false);
        var decisions = new RentDecisions(read, policy);
        IRentSlicesResult?[] answers = [.. requests.Select(request => skipsLocked && !read.Holds(request) ? null : decisions.Decide(request))];
        if (decisions.HasRented)
            await decisions.Write(new NpgsqlBatch(connection)).ThenStampAndCommit(events.Value.StampBatch).RunAndPublishAsync(news, events.Value.StampBatch).ConfigureAwait(false);
        return answers;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A round of {Count} callers failed; each node gets a transaction of its own")]
    private partial void LogSplit(Exception failure, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A transaction for {Count} callers at node {Node} failed; each gets its own")]
    private partial void LogSplitAt(Exception failure, int count, NodeId node);
}
