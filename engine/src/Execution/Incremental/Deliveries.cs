using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What a part of a response leaves for later, recorded while it is written. What a null overwrites is discarded.</summary>
internal sealed class Deliveries(DeliveryBudget budget)
{
    private readonly List<(int Position, DeliveryGroup Group)> groups = [];
    private readonly List<(int Position, DeferredTask Task)> tasks = [];
    private readonly List<(int Position, ItemStream Stream)> streams = [];

    public bool IsEmpty => tasks.Count == 0 && streams.Count == 0;

    public IEnumerable<DeliveryGroup> Groups => groups.Select(noted => noted.Group);
    public IEnumerable<DeferredTask> Tasks => tasks.Select(noted => noted.Task);
    public IEnumerable<ItemStream> Streams => streams.Select(noted => noted.Stream);

    /// <summary>The scope inside an object that defers some of its fields.</summary>
    public static DeliveryScope? Open(DeliveryScope? around, DeferredFields deferred, ResponsePath? path)
    {
        DeliveryScope? scope = around;
        foreach (DeferUsage usage in deferred.Usages)
            scope = new DeliveryScope(scope, new DeliveryGroup(usage, path, usage.Parent is { } parent ? DeliveryScope.Find(scope, parent) : null));
        return scope;
    }

    /// <param name="position">In the buffer, after the object's opening brace.</param>
    /// <param name="value">The object.</param>
    /// <param name="path">Of the object.</param>
    /// <exception cref="TooManyDeliveriesException">More is pending than a request allows.</exception>
    public void Add(int position, DeferredFields deferred, object value, ResponsePath? path, DeliveryScope? scope)
    {
        foreach (DeferUsage usage in deferred.Usages)
            groups.Add((position, DeliveryScope.Find(scope, usage)));
        foreach (DeferredGroup group in deferred.Groups)
            tasks.Add((position, new DeferredTask([.. group.Usages.Select(usage => DeliveryScope.Find(scope, usage))], path, group.Set, value, scope)));
        budget.Check(Math.Max(groups.Count, tasks.Count + streams.Count));
    }

    /// <param name="position">In the buffer, after the list's opening bracket.</param>
    /// <exception cref="TooManyDeliveriesException">More is pending than a request allows.</exception>
    public void Add(int position, ItemStream stream)
    {
        streams.Add((position, stream));
        budget.Check(tasks.Count + streams.Count);
    }

    /// <summary>The buffer was cut back to this length.</summary>
    public void Truncate(int length)
    {
        groups.RemoveAll(noted => noted.Position > length);
        tasks.RemoveAll(noted => noted.Position > length);
        streams.RemoveAll(noted => noted.Position > length);
    }

    public void Clear() => Truncate(-1);
}
