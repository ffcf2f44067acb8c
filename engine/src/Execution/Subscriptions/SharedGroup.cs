using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The subscribers of one operation with the same variables and rights. Its messages wait in a queue of its own and are handled in order, so that a
/// group with slow resolvers does not hold up others. Each message is executed and serialized once, and offered to every member.
/// </summary>
internal sealed class SharedGroup(SharingKey key, SharedSource source, EventExecution execution, SharedGroups groups) : ILiveListener, IThreadPoolWorkItem
{
    /// <summary>
    /// The maximum queue length of a group. Entries are references to shared events; a group that is so far behind will not catch up.
    /// </summary>
    private const int PendingMax = 4_096;

    private readonly Lock gate = new();
    private readonly List<SharedMember> members = [];
    private readonly Queue<QueuedMessage> pending = [];
    private SharedMember[]? current;
    private bool isRunning;

    public SharingKey Key => key;
    public SharedSource Source => source;

    public bool IsEmpty
    {
        get
        {
            lock (gate)
                return members.Count == 0;
        }
    }

    public void Add(SharedMember member)
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
    public bool Remove(SharedMember member)
    {
        lock (gate)
        {
            if (member.Group != this)
                return false;
            SharedMember last = members[^1];
            members[member.Index] = last;
            last.Index = member.Index;
            members.RemoveAt(members.Count - 1);
            member.Group = null;
            current = null;
            return true;
        }
    }

    public void Tell(long from, long position, Func<IReadOnlyList<object>?> messages) => Enqueue(new QueuedMessage(from, position, messages));

    public void Break() => Enqueue(new QueuedMessage(0, 0, null));

    public void Execute() => _ = RunAsync();

    private void Enqueue(QueuedMessage message)
    {
        lock (gate)
        {
            // The last place is for the message that the stream is over.
            if (pending.Count > PendingMax)
                return;
            pending.Enqueue(pending.Count == PendingMax ? message with { Messages = null, IsBehind = true } : message);
            if (isRunning)
                return;
            isRunning = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    private async Task RunAsync()
    {
        while (true)
        {
            QueuedMessage next;
            SharedMember[] all;
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
                await DeliverAsync(next, all).ConfigureAwait(false);
            }
            catch (Exception mistake)
            {
                End(all, new RequestErrorResult(execution.Engine.Errors.Map(mistake)));
            }
        }
    }

    private async ValueTask DeliverAsync(QueuedMessage queued, SharedMember[] all)
    {
        if (queued.Messages is null)
        {
            End(all, queued.IsBehind ? new RequestErrorResult([FellBehind()]) : null);
            return;
        }
        if (all.Length == 0)
            return;
        if (queued.Messages() is not { } messages)
        {
            End(all, last: null);
            return;
        }
        foreach (object message in messages)
        {
            OperationResult executed = await execution.ExecuteAsync(message, CancellationToken.None).ConfigureAwait(false);
            groups.Counters.Evaluated();
            if (!executed.HasData)
            {
                End(all, executed);
                return;
            }
            Offer(SharedResult.Of(executed), queued.From, all);
        }
        foreach (SharedMember member in all)
        {
            if (!member.HasLeft && member.Position < queued.Position)
                member.Position = queued.Position;
        }
    }

    /// <summary>
    /// A member without room for the event leaves the group at the end of the previous one: it will read the whole of this one by itself.
    /// </summary>
    private void Offer(SharedResult result, long from, SharedMember[] all)
    {
        int offered = 0;
        foreach (SharedMember member in all)
        {
            if (member.HasLeft || member.Position > from) // A member that joined at a later position has already received it.
                continue;
            offered++;
            if (!member.TryReceive(result))
                groups.Leave(member, last: null);
        }
        groups.Counters.Offered(offered);
    }

    private void End(SharedMember[] all, OperationResult? last)
    {
        foreach (SharedMember member in all)
            groups.Leave(member, last);
    }

    private static GraphQLError FellBehind() => new("The subscription fell behind and was closed; subscribe again.", ErrorCodes.SlowConsumer)
    {
        Extensions = new Dictionary<string, object?> { ["limit"] = "pendingEvents", ["max"] = PendingMax },
    };

    private readonly record struct QueuedMessage(long From, long Position, Func<IReadOnlyList<object>?>? Messages, bool IsBehind = false);
}
