using System.Diagnostics.Metrics;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>All groups of subscribers of one schema.</summary>
internal sealed class LiveGroups
{
    private readonly Lock gate = new();
    private readonly Dictionary<SharingKey, LiveGroup> groups = [];

    public LiveGroups() => Snapshots = new SharedSnapshots(Counters);

    public SharedCounters Counters { get; } = new();
    public SharedSnapshots Snapshots { get; }

    /// <summary>Adds the member to its group, which is created for the first one.</summary>
    /// <returns>False when the others are further ahead: the subscriber has to catch up first.</returns>
    public bool TryJoin(SharingKey key, SharedSource source, LiveMember member, EventExecution execution) => source.Live.TryJoin(source.Position, () =>
    {
        lock (gate)
        {
            if (!groups.TryGetValue(key, out LiveGroup? group))
            {
                group = new LiveGroup(key, source, key.ForGroup(execution), this);
                groups.Add(key, group);
                source.Live.Add(group);
                Counters.GroupCount++;
            }
            group.Add(member);
            Counters.SubscriberCount++;
        }
    });

    /// <summary>Does nothing for a member that has already left. The last one to leave removes the group.</summary>
    public void Leave(LiveMember member, OperationResult? last)
    {
        if (member.Group is { } group)
            group.Source.Live.Leave(() => Remove(member, group));
        member.Left(last);
    }

    private void Remove(LiveMember member, LiveGroup group)
    {
        lock (gate)
        {
            if (!group.Remove(member))
                return;
            Counters.SubscriberCount--;
            if (!group.IsEmpty)
                return;
            groups.Remove(group.Key);
            group.Source.Live.Remove(group);
            Counters.GroupCount--;
        }
    }
}

/// <summary>What sharing saves, for metrics and tests.</summary>
internal sealed class SharedCounters
{
    private static readonly Meter meter = new("Mycelium.GraphQL.Engine");
    private static readonly Counter<long> evaluated = meter.CreateCounter<long>(
        "graphql.subscription.evaluations", "{evaluation}", "Messages of shared subscriptions that were executed and serialised.");
    private static readonly Counter<long> offered = meter.CreateCounter<long>(
        "graphql.subscription.deliveries", "{message}", "Messages of shared subscriptions that were delivered to a subscriber.");
    private static readonly UpDownCounter<long> groups = meter.CreateUpDownCounter<long>(
        "graphql.subscription.groups", "{group}", "Groups of equal subscriptions: the same operation, variables and rights.");
    private static readonly UpDownCounter<long> subscribers = meter.CreateUpDownCounter<long>(
        "graphql.subscription.subscribers", "{subscriber}", "Subscribers that share the evaluation of a group.");

    private long evaluationCount;
    private long deliveryCount;

    public int GroupCount
    {
        get;
        set
        {
            groups.Add(value - field);
            field = value;
        }
    }

    public int SubscriberCount
    {
        get;
        set
        {
            subscribers.Add(value - field);
            field = value;
        }
    }

    public long EvaluationCount => Interlocked.Read(ref evaluationCount);
    public long DeliveryCount => Interlocked.Read(ref deliveryCount);

    public void Evaluated()
    {
        Interlocked.Increment(ref evaluationCount);
        evaluated.Add(1);
    }

    public void Offered(int count)
    {
        Interlocked.Add(ref deliveryCount, count);
        offered.Add(count);
    }
}
