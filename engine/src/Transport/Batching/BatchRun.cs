using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Transport.Streams;

namespace Mycelium.GraphQL.Engine.Transport.Batching;

/// <summary>
/// Executes the entries of a batch within the limits of one request: one cost budget, one time-out, one limit on the total size of the responses.
/// Queries run concurrently; a mutation waits for everything before it, and what follows waits for the mutation.
/// </summary>
internal sealed class BatchRun : IDisposable
{
    /// <summary>4: as many as a browser would run next to its other requests; a batch must not crowd out others.</summary>
    private const int MaxParallel = 4;

    private readonly HttpContext context;
    private readonly StreamServices services;
    private readonly CostBudget budget = new();
    private readonly SemaphoreSlim slots = new(MaxParallel);
    private readonly CancellationTokenSource timeout;
    private readonly CancellationTokenSource ended;
    private readonly Lock gate = new();
    private int bytesLeft;

    public BatchRun(HttpContext context, StreamServices services)
    {
        this.context = context;
        this.services = services;
        bytesLeft = services.RequestBounds.ResponseBytesMax;
        timeout = new CancellationTokenSource(services.RequestBounds.ExecutionTimeout, services.Clock);
        ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
    }

    /// <param name="batch">What to execute.</param>
    /// <param name="answered">Takes over each result as soon as it is ready, several at once, with its index in the batch.</param>
    public async Task RunAsync(RequestBatch batch, Func<int, BatchResult, ValueTask> answered)
    {
        var queries = new List<Task<bool>>();
        try
        {
            for (int index = 0; index < batch.Entries.Count; index++)
            {
                Task<bool> query = AnswerAsync(batch.Entries[index], index, AllowedOperations.Query, answered);
                queries.Add(query);
                if (query.IsCompletedSuccessfully && !await query)
                {
                    await Task.WhenAll(queries);
                    queries[index] = AnswerAsync(batch.Entries[index], index, AllowedOperations.QueryAndMutation, answered);
                    await queries[index];
                }
            }
            await Task.WhenAll(queries);
            // A document that had to be fetched first is only now known to be a mutation.
            for (int index = 0; index < queries.Count; index++)
            {
                if (!await queries[index])
                    await AnswerAsync(batch.Entries[index], index, AllowedOperations.QueryAndMutation, answered);
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(queries)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // They use what is disposed next.
        }
    }

    public void Dispose()
    {
        ended.Dispose();
        timeout.Dispose();
        slots.Dispose();
    }

    /// <returns>False when nothing was executed, because the entry is not a query.</returns>
    private async Task<bool> AnswerAsync(BatchEntry entry, int index, AllowedOperations allowed, Func<int, BatchResult, ValueTask> answered)
    {
        await slots.WaitAsync(context.RequestAborted);
        try
        {
            using OperationResult result = await ExecuteAsync(entry, allowed);
            if (result.IsOperationNotAllowed && allowed == AllowedOperations.Query)
                return false;
            using OperationResult reported = result.IsOperationNotAllowed
                ? Refused("A batch can only contain queries and mutations.", ErrorCodes.BadRequest)
                : result;
            await answered(index, Write(entry, reported));
            return true;
        }
        finally
        {
            slots.Release();
        }
    }

    private async ValueTask<OperationResult> ExecuteAsync(BatchEntry entry, AllowedOperations allowed)
    {
        if (entry.Problem is { } problem)
            return Refused(problem, ErrorCodes.BadRequest);
        await using AsyncServiceScope scope = services.Scopes.CreateAsyncScope();
        try
        {
            GraphQLRequest request = entry.Parameters.ToRequest(
                context, scope.ServiceProvider, context.User, allowed, cost: CostHeader.Read(context.Request.Headers), budget: budget);
            return (OperationResult)await services.Executor.ExecuteAsync(request, ended.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return Refused("The batch ran out of time.", ErrorCodes.Timeout);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            return new RequestErrorResult([UnexpectedFailure.Report(services.Logger, exception)]);
        }
    }

    /// <summary>Serialized immediately, so that what waits is what was counted.</summary>
    private BatchResult Write(BatchEntry entry, OperationResult result)
    {
        lock (gate)
        {
            var json = new ResponseBuffer(ArrayPool<byte>.Shared, sizeHint: 512, Math.Max(bytesLeft, 0));
            try
            {
                result.WriteTo(json);
                if (json.Count <= bytesLeft)
                {
                    bytesLeft -= json.Count;
                    return new BatchResult(entry, json, result.HasData, result.Errors);
                }
            }
            catch (ResponseTooLargeException)
            {
                // Before it was complete.
            }
            json.Dispose();
        }
        var refusal = new RequestErrorResult([GraphQLError.OverLimit(
            $"The responses of the batch are larger than {services.RequestBounds.ResponseBytesMax} bytes in total.", "responseBytes",
            services.RequestBounds.ResponseBytesMax)]);
        var small = new ResponseBuffer(ArrayPool<byte>.Shared, sizeHint: 512, Array.MaxLength);
        refusal.WriteTo(small);
        return new BatchResult(entry, small, hasData: false, refusal.Errors);
    }

    private static RequestErrorResult Refused(string message, string code) => new([new GraphQLError(message, code)]);
}
