using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The subscribers of one operation with the same variables and rights. What it is told waits in a queue of its own and is handled in order, so that a group whose
/// resolvers are slow holds up no other; each message is executed and serialised once, and offered to every member.
/// </summary>
internal sealed class SharedGroup(SharingKey key, SharedSource source, EventExecution execution, SharedGroups groups) : ILiveListener, IThreadPoolWorkItem
{
    /// <summary>What may wait for a group. They are references to events that all share; one that is so far behind will not catch up.</summary>
    private const int PendingMax = 4_096;

    private readonly Lock gate = new();
    private readonly List<SharedMember> members = [];
    private readonly Queue<Told> pending = [];
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

    /// <returns>False when it was not a member any more.</returns>
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

    public void Tell(long from, long position, Func<IReadOnlyList<object>?> messages) => Enqueue(new Told(from, position, messages));

    public void Break() => Enqueue(new Told(0, 0, null));

    public void Execute() => _ = RunAsync();

    private void Enqueue(Told told)
    {
        lock (gate)
        {
            // The last place is for the news that it is over.
            if (pending.Count > PendingMax)
                return;
            pending.Enqueue(pending.Count == PendingMax ? told with { Messages = null, IsBehind = true } : told);
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
            Told next;
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

    private async ValueTask DeliverAsync(Told told, SharedMember[] all)
    {
        if (told.Messages is null)
        {
            End(all, told.IsBehind ? new RequestErrorResult([FellBehind()]) : null);
            return;
        }
        if (all.Length == 0)
            return;
        if (told.Messages() is not { } messages)
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
            Offer(SharedResult.Of(executed), told.From, all);
        }
        foreach (SharedMember member in all)
        {
            if (!member.HasLeft && member.Position < told.Position)
                member.Position = told.Position;
        }
    }

    /// <summary>Who has no room for it goes on alone from the end of the event before: it will hear the whole of this one.</summary>
    private void Offer(SharedResult result, long from, SharedMember[] all)
    {
        int offered = 0;
        foreach (SharedMember member in all)
        {
            if (member.HasLeft || member.Position > from) // Who joined further on has had it already.
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

    private readonly record struct Told(long From, long Position, Func<IReadOnlyList<object>?>? Messages, bool IsBehind = false);
}
