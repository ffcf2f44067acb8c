using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The subscribers of one operation with the same variables and rights, at the live end of their stream. Delivered events wait in a queue of its own
/// and are evaluated in order, so that a group with slow resolvers does not hold up others. Each message is executed and serialized once, and offered
/// to every member.
/// </summary>
public sealed class LiveGroup : IThreadPoolWorkItem
{
    /// <summary>
    /// The maximum queue length of a group. Entries are references to shared events; a group that is so far behind will not catch up.
    /// </summary>
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

    /// <summary>The source of the group's first subscriber. It still serves the group after that subscriber has left.</summary>
    public SharedSource Source { get; }

    /// <summary>How long the group has had no message. An event that only reports the position ends the time when it is delivered.</summary>
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
            pending.Enqueue(pending.Count == PendingMax ? null : sourceEvent); // The last place is for the message that the stream is over.
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

    /// <returns>False when it was no longer a member.</returns>
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

    /// <summary>
    /// A member without room for the event leaves the group at the end of the previous one: it will read the whole of this one by itself.
    /// </summary>
    private void Offer(SharedResult result, long positionBefore, LiveMember[] all)
    {
        int offered = 0;
        foreach (LiveMember member in all)
        {
            if (member.HasLeft || member.Position > positionBefore) // A member that joined at a later position has already received it.
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

    private static GraphQLError FellBehind() => new("The subscription fell behind and was closed; subscribe again.", ErrorCodes.SlowConsumer)
    {
        Extensions = new Dictionary<string, object?> { ["limit"] = "pendingEvents", ["max"] = PendingMax },
    };
}
