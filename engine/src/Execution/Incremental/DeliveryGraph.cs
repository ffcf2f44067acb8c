using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Which deliveries depend on which. A group is announced to the client once its parent is complete, and is complete once its tasks are. A task of
/// several groups is delivered with the first of them to complete. Used by one reader at a time.
/// </summary>
internal sealed class DeliveryGraph(DeliveryBudget budget)
{
    private readonly HashSet<DeliveryGroup> groups = [];
    private readonly HashSet<ItemStream> streams = [];
    private readonly HashSet<DeferredTask> undelivered = [];
    private readonly List<DeferredTask> starting = [];
    private int nextId;

    /// <summary>The client has nothing more to wait for.</summary>
    public bool IsComplete => groups.Count == 0 && streams.Count == 0;

    /// <summary>What has been announced to the client and is pending.</summary>
    public IEnumerable<PendingDelivery> Pending => groups.Concat<PendingDelivery>(streams);

    public IReadOnlyCollection<ItemStream> Streams => streams;

    /// <summary>Tasks that are ready to start; each is handed out once.</summary>
    public DeferredTask[] TakeStarting()
    {
        DeferredTask[] taken = [.. starting];
        starting.Clear();
        return taken;
    }

    /// <summary>Adds what the response, or an item of a list, leaves for later.</summary>
    public void Begin(Deliveries later, IncrementalPayload payload)
    {
        List<DeliveryGroup> begun = Integrate(later, parent: null);
        Announce(WithTasks(begun), [.. later.Streams], payload);
    }

    public void Settled(DeferredTask task, IncrementalPayload payload)
    {
        task.IsSettled = true;
        if (task.Part is null)
        {
            foreach (DeliveryGroup group in task.Groups.Where(group => group.IsOpen && group.IsStarted))
                Fail(group, task.Failure, payload);
            return;
        }
        if (!task.Groups.Any(group => group.IsOpen))
        {
            task.Part.Dispose(); // All groups that wanted it have failed.
            return;
        }
        undelivered.Add(task);
        Integrate(task.Part.Later, task);
        foreach (DeliveryGroup group in task.Groups.Where(group => group.IsOpen))
            group.UnfinishedCount--;
        foreach (DeliveryGroup group in task.Groups)
            FinishIfDone(group, payload);
    }

    public void Settled(ItemStream stream, DeliveredPart? items, IncrementalPayload payload)
    {
        if (items is not null)
        {
            payload.AddItems(stream, items);
            Begin(items.Later, payload);
        }
        if (!stream.IsFinished)
            return;
        streams.Remove(stream);
        Close(stream);
        payload.Complete(stream, stream.Failure);
    }

    /// <summary>Ends everything with an error.</summary>
    public void Fail(GraphQLError error, IncrementalPayload payload)
    {
        foreach (PendingDelivery pending in Pending)
            payload.Complete(pending, [error]);
        groups.Clear();
        streams.Clear();
    }

    /// <summary>Releases the buffers of what nobody will receive.</summary>
    public void Dispose()
    {
        foreach (DeferredTask task in undelivered)
            task.Part!.Dispose();
        undelivered.Clear();
    }

    /// <returns>The groups that do not wait for another.</returns>
    private List<DeliveryGroup> Integrate(Deliveries later, DeferredTask? parent)
    {
        var begun = new List<DeliveryGroup>();
        HashSet<DeliveryGroup> added = [.. later.Groups];
        foreach (DeliveryGroup group in later.Groups)
            Add(group, added, begun);
        foreach (DeferredTask task in later.Tasks)
        {
            foreach (DeliveryGroup group in task.Groups.Where(group => group.IsOpen))
            {
                group.Tasks.Add(task);
                group.UnfinishedCount++;
                if (group.IsStarted)
                    Start(task);
            }
        }
        parent?.Streams.AddRange(later.Streams);
        return begun;
    }

    /// <summary>Parents come before their children, whatever their order in the response.</summary>
    private void Add(DeliveryGroup group, HashSet<DeliveryGroup> added, List<DeliveryGroup> begun)
    {
        if (!added.Remove(group))
            return;
        if (group.Parent is { } parent)
        {
            Add(parent, added, begun);
            if (!parent.IsOpen)
                return;
            parent.Children.Add(group);
        }
        else
        {
            begun.Add(group);
        }
        Open(group);
    }

    /// <summary>A group without fields of its own, because others deliver them, is skipped for its children.</summary>
    private List<DeliveryGroup> WithTasks(List<DeliveryGroup> candidates)
    {
        var found = new List<DeliveryGroup>();
        foreach (DeliveryGroup group in candidates.Where(group => group.IsOpen))
        {
            if (group.Tasks.Count > 0)
            {
                found.Add(group);
                continue;
            }
            Close(group);
            found.AddRange(WithTasks(group.Children));
        }
        return found;
    }

    /// <summary>Announces groups to the client, and starts them.</summary>
    private void Announce(List<DeliveryGroup> newGroups, IReadOnlyList<ItemStream> newStreams, IncrementalPayload payload)
    {
        foreach (PendingDelivery pending in newGroups.Concat<PendingDelivery>(newStreams))
        {
            pending.Id = nextId++;
            payload.Announce(pending);
        }
        foreach (ItemStream stream in newStreams)
        {
            Open(stream);
            streams.Add(stream);
        }
        foreach (DeliveryGroup group in newGroups)
        {
            group.IsStarted = true;
            groups.Add(group);
            foreach (DeferredTask task in group.Tasks)
                Start(task);
        }
        foreach (DeliveryGroup group in newGroups)
        {
            if (group.IsOpen && group.Tasks.Find(task => task is { IsSettled: true, Part: null }) is { } failed)
                Fail(group, failed.Failure, payload);
            else
                FinishIfDone(group, payload);
        }
    }

    private void Start(DeferredTask task)
    {
        if (!task.IsStarted && !starting.Contains(task))
            starting.Add(task);
    }

    private void FinishIfDone(DeliveryGroup group, IncrementalPayload payload)
    {
        if (!group.IsOpen || !group.IsStarted || group.UnfinishedCount > 0)
            return;
        var newStreams = new List<ItemStream>();
        foreach (DeferredTask task in group.Tasks)
        {
            payload.AddData(group, task);
            undelivered.Remove(task);
            newStreams.AddRange(task.Streams);
            foreach (DeliveryGroup other in task.Groups.Where(other => other != group))
                other.Tasks.Remove(task);
        }
        groups.Remove(group);
        Close(group);
        payload.Complete(group, []);
        Announce(WithTasks(group.Children), newStreams, payload);
    }

    private void Fail(DeliveryGroup group, IReadOnlyList<GraphQLError> errors, IncrementalPayload payload)
    {
        payload.Complete(group, errors);
        Drop(group);
    }

    /// <summary>What is inside a failed group is never announced.</summary>
    private void Drop(DeliveryGroup group)
    {
        groups.Remove(group);
        Close(group);
        foreach (DeferredTask task in group.Tasks.Where(task => !Array.Exists(task.Groups, other => other.IsOpen)))
        {
            if (undelivered.Remove(task))
                task.Part!.Dispose();
        }
        foreach (DeliveryGroup child in group.Children.Where(child => child.IsOpen))
            Drop(child);
    }

    private void Open(PendingDelivery delivery)
    {
        delivery.IsOpen = true;
        budget.OpenCount++;
    }

    private void Close(PendingDelivery delivery)
    {
        delivery.IsOpen = false;
        budget.OpenCount--;
    }
}
