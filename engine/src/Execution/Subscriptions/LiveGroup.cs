using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The subscribers of one operation with the same variables and rights, at the live end of their stream. Delivered events wait in a queue of the group's own and are
/// evaluated in order, so that a group whose resolvers are slow delays no other; each message is executed and serialised once, and offered to every member.
/// </summary>
public sealed class LiveGroup : IThreadPoolWorkItem
{
    /// <summary>What may wait for a group. They are references to events that all share; one that is so far behind will not catch up.</summary>
    private const int PendingMax = 4_096;

    private readonly SharingKey key;
    private readonly EventExecution execution;
    private readonly LiveGroups groups;
    private readonly Lock gate = new();
    private readonly List<LiveMember> members = [];
    private readonly Queue<SourceEvent?> pending = [];
    private LiveMember[]? current;
    private bool isRunning;
    private long quietSince;

    internal LiveGroup(SharingKey key, SharedSource source, EventExecution execution, LiveGroups groups)
    {
        this.key = key;
        this.execution = execution;
        this.groups = groups;
        Source = source;
        StopBeingQuiet();
    }

    /// <summary>The source of the group's first subscriber. It serves the group after that subscriber has left, too.</summary>
    public SharedSource Source { get; }

    /// <summary>How long the group has had no message. Delivered news of the position alone ends the time at once.</summary>
    public TimeSpan QuietTime => execution.Engine.Clock.GetElapsedTime(Volatile.Read(ref quietSince));

    internal SharingKey Key => key;

    internal bool IsEmpty
    {
        get
        {
            lock (gate)
                return members.Count == 0;
        }
    }

    /// <summary>Takes an event that concerns the group. Returns at once: the event is evaluated later, on another thread.</summary>
    public void Deliver(SourceEvent sourceEvent)
    {
        ArgumentNullException.ThrowIfNull(sourceEvent);
        if (sourceEvent.Position == sourceEvent.PositionBefore)
            StopBeingQuiet();
        lock (gate)
        {
            if (pending.Count > PendingMax)
                return;
            pending.Enqueue(pending.Count == PendingMax ? null : sourceEvent); // The last place is for the news that the group fell behind.
            if (isRunning)
                return;
            isRunning = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    internal void Add(LiveMember member)
    {
        lock (gate)
        {
            member.Group = this;
            member.Index = members.Count;
            members.Add(member);
            current = null;
        }
    }

    /// <returns>False when it was not a member any more.</returns>
    internal bool Remove(LiveMember member)
    {
        lock (gate)
        {
            if (member.Group != this)
                return false;
            LiveMember last = members[^1];
            members[member.Index] = last;
            last.Index = member.Index;
            members.RemoveAt(members.Count - 1);
            member.Group = null;
            current = null;
            return true;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    private async Task RunAsync()
    {
        while (true)
        {
            SourceEvent? next;
            LiveMember[] all;
            lock (gate)
            {
                if (!pending.TryDequeue(out next))
                {
                    isRunning = false;
                    return;
                }
                all = current ??= [.. members];
            }
            try
            {
                if (next is null)
                    End(all, new RequestErrorResult([FellBehind()]));
                else
                    await EvaluateAsync(next, all).ConfigureAwait(false);
            }
            catch (Exception mistake)
            {
                End(all, new RequestErrorResult(execution.Engine.Errors.Map(mistake)));
            }
        }
    }

    private async ValueTask EvaluateAsync(SourceEvent next, LiveMember[] all)
    {
        if (all.Length == 0)
            return;
        if (Source.MessagesOf(next) is not { } messages)
        {
            End(all, last: null);
            return;
        }
        if (messages.Count > 0)
            StopBeingQuiet();
        foreach (object message in messages)
        {
            OperationResult executed = await execution.ExecuteAsync(message, CancellationToken.None).ConfigureAwait(false);
            groups.Counters.Evaluated();
            if (!executed.HasData)
            {
                End(all, executed);
                return;
            }
            Offer(SharedResult.Of(executed), next.PositionBefore, all);
        }
        foreach (LiveMember member in all)
        {
            if (!member.HasLeft && member.Position < next.Position)
                member.Position = next.Position;
        }
    }

    /// <summary>A member that has no room continues by itself from the end of the event before: it gets the whole of this one.</summary>
    private void Offer(SharedResult result, long positionBefore, LiveMember[] all)
    {
        int offered = 0;
        foreach (LiveMember member in all)
        {
            if (member.HasLeft || member.Position > positionBefore) // It joined further on, so it has received this already.
                continue;
            offered++;
            if (!member.TryReceive(result))
                groups.Leave(member, last: null);
        }
        groups.Counters.Offered(offered);
    }

    private void End(LiveMember[] all, OperationResult? last)
    {
        foreach (LiveMember member in all)
            groups.Leave(member, last);
    }

    private void StopBeingQuiet() => Volatile.Write(ref quietSince, execution.Engine.Clock.GetTimestamp());

    private static GraphQLError FellBehind() => new("The subscription fell behind and was ended; subscribe again.", ErrorCodes.SlowConsumer)
    {
        Extensions = new Dictionary<string, object?> { ["limit"] = "pendingEvents", ["max"] = PendingMax },
    };
}
