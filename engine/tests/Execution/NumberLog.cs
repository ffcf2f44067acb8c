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
    private readonly HashSet<LiveGroup> groups = [];
    private long delivered;
    private long last;
    private int snapshotCount;
    private int givenUpCount;

    /// <summary>The number of groups that each event was delivered to, summed over all events.</summary>
    public int DeliveryCount { get; private set; }

    public int GroupCount
    {
        get
        {
            lock (gate)
                return groups.Count;
        }
    }

    /// <summary>How many snapshots were requested, and how many of them were cancelled.</summary>
    public int SnapshotCount => Volatile.Read(ref snapshotCount);

    /// <inheritdoc cref="SnapshotCount"/>
    public int GivenUpCount => Volatile.Read(ref givenUpCount);

    /// <summary>Snapshots complete when this does.</summary>
    public Task Snapshot { get; set; } = Task.CompletedTask;

    /// <param name="after">The last number that the subscriber has received; below 0 it has none, and starts with the latest.</param>
    /// <param name="multiplesOf">What concerns it.</param>
    public SharedSource Follow(long after, long multiplesOf = 1) => new Source(this, after, multiplesOf);

    /// <summary>The next events exist, and are not delivered yet.</summary>
    public void Write(int count = 1) => Interlocked.Add(ref last, count);

    /// <summary>Delivers all events that exist to the groups that they concern.</summary>
    public void Deliver()
    {
        lock (gate)
        {
            while (delivered < Interlocked.Read(ref last))
            {
                long number = ++delivered;
                foreach (LiveGroup group in groups)
                {
                    if (number % ((Source)group.Source).MultiplesOf != 0)
                        continue;
                    DeliveryCount++;
                    group.Deliver(new NumberEvent(number, () => [Message(number)]));
                }
            }
        }
    }

    /// <summary>Delivers an event whose messages fail.</summary>
    public void DeliverFailure(Exception failure)
    {
        lock (gate)
        {
            delivered = Interlocked.Increment(ref last);
            foreach (LiveGroup group in groups)
                group.Deliver(new NumberEvent(delivered, () => throw failure));
        }
    }

    /// <summary>Delivers an event of which it is unknown what it means.</summary>
    public void DeliverGap()
    {
        lock (gate)
        {
            foreach (LiveGroup group in groups)
                group.Deliver(new NumberEvent(delivered, () => null));
        }
    }

    public bool TryJoin(long position, Action join)
    {
        lock (gate)
        {
            if (position < delivered)
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

    public void Add(LiveGroup group) => groups.Add(group);

    public void Remove(LiveGroup group) => groups.Remove(group);

    private static Dictionary<string, object?> Message(long number) => new() { ["value"] = (int)number };

    private sealed class NumberEvent(long number, Func<IReadOnlyList<object>?> messages) : SourceEvent(number - 1, number)
    {
        public Func<IReadOnlyList<object>?> Messages => messages;
    }

    private sealed class Source(NumberLog log, long after, long multiplesOf) : SharedSource
    {
        private long position = after;

        public long MultiplesOf => multiplesOf;
        public override long Position => position;
        public override ILiveEnd Live => log;

        public override bool StartsWithSnapshot => position < 0;

        public override async Task<SharedSnapshot> ReadSnapshotAsync(CancellationToken cancellation)
        {
            long number = Interlocked.Read(ref log.last);
            Interlocked.Increment(ref log.snapshotCount);
            await log.Snapshot.WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested)
                Interlocked.Increment(ref log.givenUpCount);
            cancellation.ThrowIfCancellationRequested();
            await log.Snapshot;
            return new SharedSnapshot([Message(number)], number);
        }

        public override void ContinueFrom(SharedSnapshot snapshot) => position = (long)snapshot.Place;

        public override void ContinueFrom(long position) => this.position = position;

        public override async IAsyncEnumerable<SourceEvent> CatchUpAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.Yield();
            while (position < Interlocked.Read(ref log.last))
            {
                cancellation.ThrowIfCancellationRequested();
                long number = ++position;
                if (number % multiplesOf == 0)
                    yield return new NumberEvent(number, () => [Message(number)]);
            }
        }

        public override IReadOnlyList<object>? MessagesOf(SourceEvent sourceEvent) => ((NumberEvent)sourceEvent).Messages();
    }
}
