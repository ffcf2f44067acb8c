using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The results of a response that is delivered in parts. Work on the next one starts when it is requested, so that a slow reader only holds up its
/// own request. A result contains everything that was ready when its first part was.
/// </summary>
internal sealed class IncrementalStream(RequestState request, ExecutedResult first, Deliveries later, DeliveryBudget budget) : ResponseStream
{
    private readonly DeliveryGraph graph = new(budget);
    private readonly List<DeferredTask> ready = [];
    private readonly Dictionary<string, object?> sentExtensions = new(request.ResponseExtensions ?? new Dictionary<string, object?>());

    public override bool IsIncremental => true;

    public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => ReadAsync(CancellationToken.None);

    private async IAsyncEnumerable<OperationResult> ReadAsync([EnumeratorCancellation] CancellationToken reader)
    {
        CancellationTokenRegistration registration = reader.UnsafeRegister(static deadline => ((RequestDeadline)deadline!).End(), request.Deadline);
        try
        {
            var begun = new IncrementalPayload();
            graph.Begin(later, begun);
            budget.Spend(first.Length);
            yield return first.With(begun.Pending);
            while (!graph.IsComplete)
                yield return await NextAsync(reader).ConfigureAwait(false);
        }
        finally
        {
            await registration.DisposeAsync().ConfigureAwait(false);
            await EndAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<OperationResult> NextAsync(CancellationToken reader)
    {
        var payload = new IncrementalPayload();
        try
        {
            while (payload.IsEmpty)
                await WorkAsync(payload).ConfigureAwait(false);
        }
        catch (Exception exception) when (!reader.IsCancellationRequested && !request.Deadline.Request.IsCancellationRequested)
        {
            graph.Fail(ErrorOf(exception), payload);
        }
        catch
        {
            payload.Dispose();
            throw;
        }
        return new IncrementalResult(
            payload.Pending, payload.Incremental, payload.Completed, hasNext: !graph.IsComplete, graph.IsComplete ? NewExtensions() : null);
    }

    private async ValueTask WorkAsync(IncrementalPayload payload)
    {
        request.Deadline.ThrowIfPassed();
        foreach (DeferredTask task in graph.TakeStarting())
            task.Start(request, ready.Add);
        foreach (ItemStream stream in graph.Streams)
            stream.Pump();
        using (new StopGuard(request))
            await request.Loop.DrainAsync(() => ready.Count > 0 || graph.Streams.Any(stream => stream.IsReady)).ConfigureAwait(false);
        if (request.Loop.IsAborting)
            request.Deadline.ThrowIfPassed();

        DeferredTask[] settling = [.. ready];
        ItemStream[] moving = [.. graph.Streams.Where(stream => stream.IsReady)];
        ready.Clear();
        if (settling.Length + moving.Length == 0)
            throw new InvalidOperationException("Something is pending, and nothing is left to wait for.");
        foreach (DeferredTask task in settling)
        {
            task.Settle(request, budget);
            graph.Settled(task, payload);
        }
        foreach (ItemStream stream in moving)
            graph.Settled(stream, stream.Settle(budget), payload);
    }

    private GraphQLError ErrorOf(Exception exception) => exception switch
    {
        OperationCanceledException when request.HaltedBy is { } error => error,
        OperationCanceledException when request.Deadline.IsPassed => request.Engine.Errors.OutOfTime(),
        ResponseTooLargeException => OperationRun.TooLarge(request.Engine.Options),
        TooManyDeliveriesException => OperationRun.TooManyDeliveries(request.Engine.Options),
        GraphQLException { Errors: [var meant, ..] } => meant,
        _ => request.Engine.Errors.Internal(exception),
    };

    /// <summary>Anything deferred fields had to report apart from data comes with the last result.</summary>
    private Dictionary<string, object?>? NewExtensions() =>
        request.ResponseExtensions?.Where(entry => !sentExtensions.TryGetValue(entry.Key, out object? sent) || !Equals(sent, entry.Value)).ToDictionary();

    /// <summary>Everything still working for this response is cancelled, and awaited for as long as an ordinary request waits.</summary>
    private async ValueTask EndAsync()
    {
        request.Deadline.End();
        if (request.Loop.HasWork)
        {
            using (new StopGuard(request))
                await request.Loop.DrainAsync().ConfigureAwait(false);
        }
        graph.Dispose();
        await request.EndAsync().ConfigureAwait(false);
    }
}
