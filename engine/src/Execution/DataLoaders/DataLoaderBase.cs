using System.Diagnostics;
using System.Runtime.InteropServices;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The common part of all data loaders: keys wait until the request has nothing else to do, then one fetch loads them all. A key is fetched once,
/// whatever the outcome. Thread-safe.
/// </summary>
public abstract class DataLoaderBase<TKey, TValue> : IDataLoader<TKey, TValue>, IBatchSource where TKey : notnull
{
    private readonly Lock gate = new();
    private readonly Dictionary<TKey, LoadPromise<TKey, TValue>> promises = [];
    private List<LoadPromise<TKey, TValue>> waiting = [];
    private IBatchScheduler scheduler = DetachedBatchScheduler.Instance;
    private EngineTelemetry? telemetry;
    private CancellationToken requestAborted;

    /// <summary>
    /// The maximum number of keys in one fetch; more are split. 1,000 unless overridden, or the limit of the request options when that is lower.
    /// </summary>
    protected virtual int BatchSizeMax => 1_000;

    private int BatchSizeBound { get; set; } = int.MaxValue;

    public Task<TValue?> LoadAsync(TKey key, CancellationToken cancellation = default)
    {
        Task<TValue?> task;
        bool isFirst;
        lock (gate)
            task = Find(key, out isFirst);
        if (isFirst)
            scheduler.Schedule(this);
        return WithCancellation(task, cancellation);
    }

    public Task<IReadOnlyList<TValue?>> LoadAsync(IReadOnlyCollection<TKey> keys, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var tasks = new Task<TValue?>[keys.Count];
        bool isAnyFirst = false;
        lock (gate)
        {
            int i = 0;
            foreach (TKey key in keys)
            {
                tasks[i++] = Find(key, out bool isFirst);
                isAnyFirst |= isFirst;
            }
        }
        if (isAnyFirst)
            scheduler.Schedule(this);
        return WithCancellation(AllAsync(tasks), cancellation);
    }

    public void Set(TKey key, TValue? value)
    {
        lock (gate)
        {
            if (promises.ContainsKey(key))
                return;
            var promise = new LoadPromise<TKey, TValue>(key);
            promise.SetResult(value);
            promises.Add(key, promise);
        }
    }

    public void Remove(TKey key)
    {
        lock (gate)
            promises.Remove(key);
    }

    /// <summary>Fills <paramref name="results"/>, which is parallel to <paramref name="keys"/>. An exception fails every key.</summary>
    protected abstract ValueTask FetchAsync(IReadOnlyList<TKey> keys, Memory<Result<TValue>> results, CancellationToken cancellation);

    void IBatchSource.Attach(IBatchScheduler scheduler, int batchSizeBound, EngineTelemetry telemetry, CancellationToken requestAborted)
    {
        this.scheduler = scheduler;
        this.telemetry = telemetry;
        this.requestAborted = requestAborted;
        BatchSizeBound = batchSizeBound;
    }

    void IBatchSource.Dispatch(IBatchRunner runner)
    {
        List<LoadPromise<TKey, TValue>> due;
        lock (gate)
        {
            due = waiting;
            waiting = [];
        }
        int size = Math.Max(1, Math.Min(BatchSizeMax, BatchSizeBound));
        for (int start = 0; start < due.Count; start += size)
        {
            List<LoadPromise<TKey, TValue>> part = due.Count <= size ? due : due.GetRange(start, Math.Min(size, due.Count - start));
            runner.Run(new LoadBatch<TKey, TValue>(part, Fetch, requestAborted));
        }
    }

    private ValueTask Fetch(IReadOnlyList<TKey> keys, Memory<Result<TValue>> results, CancellationToken cancellation)
    {
        EngineTelemetry.RecordBatch(GetType().Name, keys.Count);
        return telemetry is { TracesBatches: true } ? FetchTracedAsync(telemetry, keys, results, cancellation) : FetchAsync(keys, results, cancellation);
    }

    private async ValueTask FetchTracedAsync(EngineTelemetry traces, IReadOnlyList<TKey> keys, Memory<Result<TValue>> results, CancellationToken cancellation)
    {
        using Activity? activity = traces.StartBatch(GetType().Name, keys.Count);
        await FetchAsync(keys, results, cancellation).ConfigureAwait(false);
    }

    private Task<TValue?> Find(TKey key, out bool isFirst)
    {
        isFirst = false;
        ref LoadPromise<TKey, TValue>? promise = ref CollectionsMarshal.GetValueRefOrAddDefault(promises, key, out bool isKnown);
        if (!isKnown)
        {
            promise = new LoadPromise<TKey, TValue>(key);
            waiting.Add(promise);
            isFirst = waiting.Count == 1;
        }
        return promise!.Task;
    }

    /// <summary>The request's own token already reaches the fetch; waiting on it here too would only add cost.</summary>
    private Task<T> WithCancellation<T>(Task<T> task, CancellationToken cancellation) =>
        cancellation == requestAborted ? task : task.WaitAsync(cancellation);

    private static async Task<IReadOnlyList<TValue?>> AllAsync(Task<TValue?>[] tasks) => await Task.WhenAll(tasks).ConfigureAwait(false);
}
