using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A caller at the allocation desk.</summary>
/// <param name="Since">When it arrived, as a timestamp of the desk's clock.</param>
internal sealed record WaitingRequest(RentRequest Request, long Since)
{
    private readonly TaskCompletionSource<IRentSlicesResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isAbandoned;

    /// <summary>Out of the queue: it is being served, or is about to be. Guarded by the desk's lock, like the queue.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The caller has left or has its answer. It is not served, unless serving it has already started.</summary>
    public bool IsOver => isAbandoned || answer.Task.IsCompleted;

    /// <summary>False when there is no answer in this time.</summary>
    public async Task<bool> IsAnsweredAsync(TimeSpan within, TimeProvider clock, CancellationToken cancellation)
    {
        await ((Task)answer.Task).WaitAsync(within, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return answer.Task.IsCompleted || cancellation.IsCancellationRequested;
    }

    public void Answer(IRentSlicesResult result) => answer.TrySetResult(result);

    public void Fail(Exception exception) => answer.TrySetException(exception);

    public void RefuseAsContended(TimeSpan retryAfter) => Answer(new NodeContended(Request.NodeId, retryAfter));

    public async Task<IRentSlicesResult> WaitAsync(CancellationToken cancellation)
    {
        try
        {
            return await answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isAbandoned = true;
            throw;
        }
    }
}
