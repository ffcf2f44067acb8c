using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#MapSourceToResponseEvent()"/>: each event is an execution of its own, with services of its own, so
/// that nothing a resolver opens lives as long as the subscription.
/// </summary>
internal sealed class SubscriptionStream(
    ExecutionServices engine, OperationPlan plan, GraphQLRequest request, IReadOnlyDictionary<string, object?> variables,
    RequestState state, IAsyncEnumerable<object> source, CancellationToken cancellation) : ResponseStream
{
    private readonly bool isResumable = plan.Root.Fields[0].Plan.Field.Feature<Resumption>() is not null;

    public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => ReadAsync(CancellationToken.None);

    private async IAsyncEnumerable<OperationResult> ReadAsync([EnumeratorCancellation] CancellationToken reader)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, reader);
        IAsyncEnumerator<object> events = source.GetAsyncEnumerator(ended.Token);
        try
        {
            OperationResult? last = null;
            while (last is null)
            {
                try
                {
                    if (!await events.MoveNextAsync().ConfigureAwait(false))
                        yield break;
                }
                catch (Exception exception) when (!ended.IsCancellationRequested)
                {
                    last = new RequestErrorResult(engine.Errors.Map(exception));
                }
                yield return last ?? await ExecuteAsync(events.Current, ended.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
            await state.DisposeLoadersAsync().ConfigureAwait(false);
            state.Dispose();
        }
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#ExecuteSubscriptionEvent()"/></summary>
    private async ValueTask<OperationResult> ExecuteAsync(object @event, CancellationToken ended)
    {
        AsyncServiceScope scope = request.Services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                var execution = new RequestState(engine, request, scope.ServiceProvider, variables, engine.Options.ExecutionTimeout, ended);
                OperationResult result = await OperationRun.ExecuteAsync(plan, execution, @event).ConfigureAwait(false);
                if (isResumable)
                    result.Cursor = (@event as IHasCursor)?.Cursor;
                return result;
            }
            catch (Exception mistake) when (!ended.IsCancellationRequested)
            {
                return new RequestErrorResult([engine.Errors.Internal(mistake)]);
            }
        }
    }
}
