using Microsoft.Extensions.Logging;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Serves callers of one node in one transaction of two round trips: lock and read; write and commit. The domain decides in between.</summary>
public sealed partial class RentTransaction(Transactions transactions, PricingPolicy policy, ILogger<RentTransaction> logger)
{
    /// <summary>Answers everybody. When the transaction of all fails, each gets one of its own: what is wrong with one caller is not the others' problem.</summary>
    internal async Task ServeAsync(NodeId node, IReadOnlyList<WaitingRequest> callers, TimeSpan retryAfter)
    {
        Exception? failure = await TryServeAsync(node, callers).ConfigureAwait(false);
        if (failure is null)
            return;
        if (PostgresFailures.IsLockTimeout(failure) || PostgresFailures.AsUnavailable(failure) is not null)
        {
            // Trying each one by itself would wait as long again for each.
            Refuse(callers, failure, retryAfter);
            return;
        }

        if (!PostgresFailures.IsContention(failure))
            LogSplit(failure, callers.Count, node);
        foreach (WaitingRequest caller in callers)
        {
            if (await TryServeAsync(node, [caller]).ConfigureAwait(false) is { } own)
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

    private async Task<Exception?> TryServeAsync(NodeId node, IReadOnlyList<WaitingRequest> callers)
    {
        try
        {
            IReadOnlyList<IRentSlicesResult> answers = await transactions.OnceAsync(
                connection => RentAsync(connection, node, [.. callers.Select(caller => caller.Request)]), CancellationToken.None).ConfigureAwait(false);
            for (int index = 0; index < callers.Count; index++)
                callers[index].Answer(answers[index]);
            return null;
        }
        catch (Exception failure)
        {
            return failure; // Told to the callers, each in its own way.
        }
    }

    /// <remarks>Not cancellable: what is under way ends soon, by its time-outs at the latest, and a commit that was sent must be waited for.</remarks>
    private async Task<IReadOnlyList<IRentSlicesResult>> RentAsync(NpgsqlConnection connection, NodeId node, IReadOnlyList<RentRequest> requests)
    {
        RentReading read = await RentReading.LockAndReadAsync(connection, node, requests).ConfigureAwait(false);
        var decisions = new RentDecisions(read, policy);
        IRentSlicesResult[] answers = [.. requests.Select(decisions.Decide)];
        if (decisions.HasRented)
            await decisions.Write(new NpgsqlBatch(connection)).Then("COMMIT").RunAsync(CancellationToken.None).ConfigureAwait(false);
        return answers;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A transaction for {Count} callers at node {Node} failed; each gets its own")]
    private partial void LogSplit(Exception failure, int count, NodeId node);
}
