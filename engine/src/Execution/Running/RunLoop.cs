using System.Runtime.CompilerServices;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Something that continues when what it waited for has ended.</summary>
internal interface IRunWork
{
    /// <summary>Called on the loop.</summary>
    void Proceed();
}

/// <summary>
/// The one place where an execution continues: whatever completes elsewhere is posted here and continued one after another, so the state of an
/// execution needs no locks. When nothing is left to continue, all keys that wait in data loaders are fetched: one batch for each level of a query.
/// </summary>
internal sealed class RunLoop : IBatchScheduler, IBatchRunner
{
    private readonly Lock gate = new();
    private TaskCompletionSource? waiting;
    private List<IRunWork> posted = [];
    private List<IRunWork> proceeding = [];
    private List<IBatchSource> loaders = [];
    private List<IBatchSource> dispatching = [];
    private bool isAbandoned;
    private int outstandingCount;

    /// <summary>The request should end: nothing new is started, and what is running is awaited.</summary>
    public bool IsAborting { get; private set; }

    /// <summary>Something that runs elsewhere will post once. Called on the loop.</summary>
    public void Expect() => outstandingCount++;

    public void Post(IRunWork work)
    {
        lock (gate)
            posted.Add(work);
        Wake();
    }

    public void Schedule(IBatchSource source)
    {
        lock (gate)
            loaders.Add(source);
        Wake();
    }

    /// <summary>Ends the execution early. The same cancellation rejects keys that wait in data loaders, instead of fetching them.</summary>
    public void Abort(bool isAbandoned)
    {
        lock (gate)
        {
            IsAborting = true;
            this.isAbandoned |= isAbandoned;
        }
        Wake();
    }

    /// <summary>Whether <see cref="DrainAsync"/> has anything to do.</summary>
    public bool HasWork
    {
        get
        {
            lock (gate)
                return outstandingCount > 0 || posted.Count > 0 || loaders.Count > 0;
        }
    }

    /// <summary>Continues until nothing is running, waiting or left to fetch, or until it is abandoned.</summary>
    /// <param name="isEnough">Called before it would wait: whether the desired result is there.</param>
    public async ValueTask DrainAsync(Func<bool>? isEnough = null)
    {
        while (!isAbandoned)
        {
            if (ProceedPosted() || DispatchLoaders())
                continue;
            if (outstandingCount == 0 || isEnough?.Invoke() == true)
                return;
            await WaitAsync().ConfigureAwait(false);
        }
    }

    void IBatchRunner.Run(IBatch batch) => new Delivery(this, batch).Start(batch.FetchAsync());

    private bool ProceedPosted()
    {
        lock (gate)
        {
            if (posted.Count == 0)
                return false;
            (posted, proceeding) = (proceeding, posted);
        }
        foreach (IRunWork work in proceeding)
        {
            outstandingCount--;
            work.Proceed();
        }
        proceeding.Clear();
        return true;
    }

    private bool DispatchLoaders()
    {
        lock (gate)
        {
            if (loaders.Count == 0)
                return false;
            (loaders, dispatching) = (dispatching, loaders);
        }
        FetchRound? round = dispatching.Count > 1 ? FetchRound.Begin() : null;
        try
        {
            foreach (IBatchSource loader in dispatching)
                loader.Dispatch(this);
        }
        finally
        {
            round?.End();
        }
        dispatching.Clear();
        return true;
    }

    private Task WaitAsync()
    {
        lock (gate)
        {
            if (posted.Count > 0 || loaders.Count > 0 || isAbandoned)
                return Task.CompletedTask;
            waiting = new TaskCompletionSource();
            return waiting.Task;
        }
    }

    /// <summary>The loop continues here, on the thread that posted to it.</summary>
    private void Wake()
    {
        TaskCompletionSource? waiter;
        lock (gate)
        {
            waiter = waiting;
            waiting = null;
        }
        waiter?.SetResult();
    }

    /// <summary>
    /// A running fetch. Its keys are delivered on the loop, so that their awaiters can request the next level before that is fetched.
    /// </summary>
    private sealed class Delivery(RunLoop loop, IBatch batch) : IRunWork
    {
        private ValueTask fetch;

        public void Start(ValueTask started)
        {
            fetch = started;
            ValueTaskAwaiter awaiter = fetch.GetAwaiter();
            if (awaiter.IsCompleted)
            {
                Proceed();
                return;
            }
            loop.Expect();
            awaiter.UnsafeOnCompleted(() => loop.Post(this));
        }

        public void Proceed()
        {
            Exception? failure = null;
            try
            {
                fetch.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            batch.Deliver(failure);
        }
    }
}
