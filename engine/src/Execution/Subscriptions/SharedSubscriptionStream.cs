using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// One subscriber of a <see cref="SharedSource"/>. It starts together with those that arrive at the same time, continues alone until it is level with
/// the others, then with its group, and alone again when it does not keep up.
/// </summary>
internal sealed class SharedSubscriptionStream(
    EventExecution execution, RequestState state, SharedSource source, SharingKey key, CancellationToken cancellation) : ResponseStream
{
    /// <summary>
    /// Results that wait for a reader without push. A reader that falls behind by more continues alone, so the limit only costs work.
    /// </summary>
    private const int WaitingMax = 64;

    public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => ReadAsync(null, CancellationToken.None);

    internal override IAsyncEnumerable<OperationResult> ReadResultsAsync(IResultReceiver receiver) => ReadAsync(receiver, CancellationToken.None);

    private async IAsyncEnumerable<OperationResult> ReadAsync(IResultReceiver? receiver, [EnumeratorCancellation] CancellationToken reader)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation, reader);
        LiveMember? member = null;
        EngineTelemetry.StreamBegan();
        try
        {
            OperationResult? last = null;
            while (last is null)
            {
                if (source.StartsWithSnapshot)
                {
                    (SharedSnapshot? snapshot, IReadOnlyList<OperationResult> results) = await StartAsync(ended.Token).ConfigureAwait(false);
                    foreach (OperationResult result in results)
                        yield return result;
                    if (snapshot is null)
                        yield break;
                    source.ContinueFrom(snapshot);
                }
                await using (IAsyncEnumerator<SourceEvent> missed = source.CatchUpAsync(ended.Token).GetAsyncEnumerator(ended.Token))
                {
                    while (last is null && !source.StartsWithSnapshot)
                    {
                        IReadOnlyList<object>? messages = [];
                        try
                        {
                            messages = await NextMessagesAsync(missed).ConfigureAwait(false);
                        }
                        catch (Exception exception) when (!ended.IsCancellationRequested)
                        {
                            last = new RequestErrorResult(execution.Engine.Errors.Map(exception));
                        }
                        if (messages is null)
                            break;
                        foreach (object message in messages)
                            yield return await execution.ExecuteAsync(message, ended.Token).ConfigureAwait(false);
                    }
                }
                if (last is not null)
                    break;
                if (source.StartsWithSnapshot)
                    continue;

                Waiting? waiting = receiver is null ? new Waiting() : null;
                member = new LiveMember(receiver ?? waiting!, source.Position);
                if (!execution.Engine.Groups.TryJoin(key, source, member, execution))
                    continue;
                if (waiting is not null)
                {
                    _ = member.WhenLeft.ContinueWith(
                        _ => waiting.Complete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                    await foreach (OperationResult result in waiting.ReadAllAsync(ended.Token).ConfigureAwait(false))
                        yield return result;
                }
                last = await member.WhenLeft.WaitAsync(ended.Token).ConfigureAwait(false);
                source.ContinueFrom(member.Position);
            }
            yield return last;
        }
        finally
        {
            EngineTelemetry.StreamEnded();
            if (member is not null)
                execution.Engine.Groups.Leave(member, last: null);
            await ended.CancelAsync().ConfigureAwait(false);
            await state.DisposeLoadersAsync().ConfigureAwait(false);
            state.Dispose();
        }
    }

    /// <returns>Null at the present.</returns>
    private async ValueTask<IReadOnlyList<object>?> NextMessagesAsync(IAsyncEnumerator<SourceEvent> missed) =>
        await missed.MoveNextAsync().ConfigureAwait(false) ? source.MessagesOf(missed.Current) ?? [source.Reset()] : null;

    /// <returns>No snapshot and the error, if there is one.</returns>
    private async ValueTask<(SharedSnapshot? Snapshot, IReadOnlyList<OperationResult> Results)> StartAsync(CancellationToken ended)
    {
        try
        {
            return await execution.Engine.Groups.Snapshots.JoinAsync(key, source, execution, ended).ConfigureAwait(false);
        }
        catch (Exception exception) when (!ended.IsCancellationRequested)
        {
            return (null, [new RequestErrorResult(execution.Engine.Errors.Map(exception))]);
        }
    }

    /// <summary>Keeps pushed results for a reader that takes one at a time.</summary>
    private sealed class Waiting : IResultReceiver
    {
        private readonly Channel<OperationResult> channel = Channel.CreateBounded<OperationResult>(
            new BoundedChannelOptions(WaitingMax) { SingleReader = true });

        public bool TryReceive(OperationResult result) => channel.Writer.TryWrite(result);

        public void Complete() => channel.Writer.TryComplete();

        public IAsyncEnumerable<OperationResult> ReadAllAsync(CancellationToken cancellation) => channel.Reader.ReadAllAsync(cancellation);
    }
}
