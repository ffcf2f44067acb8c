using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A caller at the allocation desk.</summary>
/// <param name="Since">When it arrived, as a timestamp of the desk's clock.</param>
internal sealed record WaitingRequest(RentRequest Request, long Since)
{
    private readonly TaskCompletionSource<IRentSlicesResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool isAbandoned;

    /// <summary>The caller has left. It is not served, unless serving it has already started.</summary>
    public bool IsAbandoned => isAbandoned;

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
