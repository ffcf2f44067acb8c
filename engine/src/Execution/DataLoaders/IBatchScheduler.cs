namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Decides when the keys that wait in data loaders are fetched.</summary>
internal interface IBatchScheduler
{
    /// <summary>Called with the first waiting key; may be called from any thread.</summary>
    void Schedule(IBatchSource source);
}

/// <summary>Starts fetches and delivers their results.</summary>
internal interface IBatchRunner
{
    void Run(IBatch batch);
}

/// <summary>A data loader as its request's loop sees it.</summary>
internal interface IBatchSource
{
    void Attach(IBatchScheduler scheduler, int batchSizeBound, EngineTelemetry telemetry, CancellationToken requestAborted);

    /// <summary>Hands all waiting keys to <paramref name="runner"/>.</summary>
    void Dispatch(IBatchRunner runner);
}

/// <summary>One fetch. Its results are delivered once it has ended.</summary>
internal interface IBatch
{
    /// <summary>Never throws; the task may fail.</summary>
    ValueTask FetchAsync();

    /// <summary>Completes the promises, and runs their continuations in place.</summary>
    void Deliver(Exception? failure);
}

/// <summary>For a loader outside of a request: fetches as soon as the caller's thread moves on.</summary>
internal sealed class DetachedBatchScheduler : IBatchScheduler, IBatchRunner
{
    public static DetachedBatchScheduler Instance { get; } = new();

    public void Schedule(IBatchSource source) => ThreadPool.QueueUserWorkItem(source.Dispatch, this, preferLocal: false);

    public async void Run(IBatch batch)
    {
        Exception? failure = null;
        try
        {
            await batch.FetchAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        batch.Deliver(failure);
    }
}
