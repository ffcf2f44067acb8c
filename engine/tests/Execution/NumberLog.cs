using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>
/// An ordered log of events with several writers and many followers: each event is its number, from 1 on, and concerns the subscribers to its
/// divisors.
/// </summary>
internal sealed class NumberLog : ILiveEnd
{
    private readonly Lock gate = new();
    private readonly Dictionary<ILiveListener, Source> listeners = [];
    private long passedOn;
    private long last;
    private int beginningCount;
    private int givenUpCount;

    /// <summary>The number of listeners of each event, summed over all events.</summary>
    public int TellCount { get; private set; }

    public int ListenerCount
    {
        get
        {
            lock (gate)
                return listeners.Count;
        }
    }

    /// <summary>How many beginnings were requested, and how many of them were cancelled.</summary>
    public int BeginningCount => Volatile.Read(ref beginningCount);

    /// <inheritdoc cref="BeginningCount"/>
    public int GivenUpCount => Volatile.Read(ref givenUpCount);

    /// <summary>Beginnings complete when this does.</summary>
    public Task Beginning { get; set; } = Task.CompletedTask;

    /// <param name="after">The last number that the subscriber has received; below 0 it has none, and starts with the latest.</param>
    /// <param name="multiplesOf">What concerns it.</param>
    public SharedSource Follow(long after, long multiplesOf = 1) => new Source(this, after, multiplesOf);

    /// <summary>The next events exist; no subscriber has been notified.</summary>
    public void Write(int count = 1) => Interlocked.Add(ref last, count);

    /// <summary>Notifies all subscribers that the existing events concern.</summary>
    public void PassOn()
    {
        lock (gate)
        {
            while (passedOn < Interlocked.Read(ref last))
            {
                long number = ++passedOn;
                foreach ((ILiveListener listener, Source source) in listeners)
                {
                    if (number % source.MultiplesOf != 0)
                        continue;
                    TellCount++;
                    listener.Tell(number - 1, number, () => [Message(number)]);
                }
            }
        }
    }

    /// <summary>Reports something without messages.</summary>
    public void PassOnFailure(Exception failure)
    {
        lock (gate)
        {
            passedOn = Interlocked.Increment(ref last);
            foreach (ILiveListener listener in listeners.Keys)
                listener.Tell(passedOn - 1, passedOn, () => throw failure);
        }
    }

    public void Break()
    {
        lock (gate)
        {
            foreach (ILiveListener listener in listeners.Keys)
                listener.Break();
        }
    }

    public bool TryJoin(long position, Action join)
    {
        lock (gate)
        {
            if (position < passedOn)
                return false;
            join();
            return true;
        }
    }

    public void Leave(Action leave)
    {
        lock (gate)
            leave();
    }

    public void Add(SharedSource source, ILiveListener listener) => listeners.Add(listener, (Source)source);

    public void Remove(SharedSource source, ILiveListener listener) => listeners.Remove(listener);

    private static Dictionary<string, object?> Message(long number) => new() { ["value"] = (int)number };

    private sealed class Source(NumberLog log, long after, long multiplesOf) : SharedSource
    {
        private long position = after;

        public long MultiplesOf => multiplesOf;
        public override long Position => position;
        public override ILiveEnd Live => log;

        public override bool BeginsAnew => position < 0;

        public override async Task<SharedBeginning> BeginAsync(CancellationToken cancellation)
        {
            long number = Interlocked.Read(ref log.last);
            Interlocked.Increment(ref log.beginningCount);
            await log.Beginning.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
                Interlocked.Increment(ref log.givenUpCount);
            cancellation.ThrowIfCancellationRequested();
            await log.Beginning;
            return new SharedBeginning([Message(number)], number);
        }

        public override void GoOnFrom(SharedBeginning beginning) => position = (long)beginning.Place;

        public override void GoOnFrom(long position) => this.position = position;

        public override async IAsyncEnumerable<object> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            while (position < Interlocked.Read(ref log.last))
            {
                cancellation.ThrowIfCancellationRequested();
                position++;
                if (position % multiplesOf == 0)
                    yield return Message(position);
            }
        }
    }
}
