using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary><see href="https://spec.graphql.org/September2025/#MapSourceToResponseEvent()"/> for a source with a single subscriber.</summary>
internal sealed class SubscriptionStream(
    EventExecution execution, RequestState state, IAsyncEnumerable<object> source, CancellationToken cancellation) : ResponseStream
{
    public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => ReadAsync(CancellationToken.None);

    private async IAsyncEnumerable<OperationResult> ReadAsync([EnumeratorCancellation] CancellationToken reader)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, reader);
        IAsyncEnumerator<object> events = source.GetAsyncEnumerator(ended.Token);
        EngineTelemetry.StreamBegan();
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
                    last = new RequestErrorResult(execution.Engine.Errors.Map(exception));
                }
                yield return last ?? await execution.ExecuteAsync(events.Current, ended.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            EngineTelemetry.StreamEnded();
            await ended.CancelAsync().ConfigureAwait(false);
            await events.DisposeAsync().ConfigureAwait(false);
            await state.DisposeLoadersAsync().ConfigureAwait(false);
            state.Dispose();
        }
    }
}
