namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The value of a key that will be fetched. Its awaiter continues as soon as it is delivered, on the request's own loop.</summary>
internal sealed class LoadPromise<TKey, TValue>(TKey key) : TaskCompletionSource<TValue?>
{
    public TKey Key { get; } = key;
}

/// <summary>The keys of one fetch.</summary>
internal sealed class LoadBatch<TKey, TValue>(
    List<LoadPromise<TKey, TValue>> promises,
    Func<IReadOnlyList<TKey>, Memory<Result<TValue>>, CancellationToken, ValueTask> fetch,
    CancellationToken cancellation) : IBatch where TKey : notnull
{
    private readonly Result<TValue>[] results = new Result<TValue>[promises.Count];

    public ValueTask FetchAsync()
    {
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var keys = new TKey[promises.Count];
            for (int i = 0; i < keys.Length; i++)
                keys[i] = promises[i].Key;
            return fetch(keys, results, cancellation);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException(exception);
        }
    }

    public void Deliver(Exception? failure)
    {
        for (int i = 0; i < results.Length; i++)
        {
            if ((failure ?? results[i].Error) is { } error)
                Fail(promises[i], error);
            else
                promises[i].TrySetResult(results[i].Value);
        }
    }

    private void Fail(LoadPromise<TKey, TValue> promise, Exception error)
    {
        if (error is OperationCanceledException)
            promise.TrySetCanceled(cancellation);
        else if (promise.TrySetException(error))
            _ = promise.Task.Exception; // Observed: a key that is no longer awaited must not raise an unobserved exception.
    }
}
