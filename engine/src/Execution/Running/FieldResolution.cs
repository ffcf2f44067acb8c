using System.Collections;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The first half of an execution: resolves every field that is not simply read, and everything above such a field. Runs only on the request's loop.
/// <see href="https://spec.graphql.org/September2025/#ExecuteCollectedFields()"/>
/// </summary>
internal sealed class FieldResolution
{
    public const int RootSlot = 0;

    private readonly Action? idle;
    private List<GraphQLError>? reported;
    private int outstandingCount;

    /// <param name="basePath">Where in the response this starts; null for its root.</param>
    /// <param name="idle">Called when everything awaited has ended.</param>
    public FieldResolution(RequestState request, int slotCountHint, ResponsePath? basePath = null, Action? idle = null)
    {
        this.idle = idle;
        Request = request;
        Slots = new SlotTable(slotCountHint, basePath);
        Slots.Allocate(1, owner: -1);
    }

    public RequestState Request { get; }
    public SlotTable Slots { get; }

    /// <summary>Nothing is being awaited.</summary>
    public bool IsIdle => outstandingCount == 0;

    /// <summary>Errors that resolvers reported in addition to their values.</summary>
    public IReadOnlyList<GraphQLError> Reported
    {
        get
        {
            lock (Slots)
                return reported is null ? [] : [.. reported];
        }
    }

    /// <summary>Called by resolvers, on any thread.</summary>
    public void Report(GraphQLError error)
    {
        Request.Noticed(error);
        lock (Slots)
        {
            reported ??= [];
            if (reported.Count <= Request.Engine.Options.ErrorCountMax)
                reported.Add(error);
        }
    }

    /// <summary>Something that runs elsewhere will post to the loop once.</summary>
    public void Expect()
    {
        outstandingCount++;
        Request.Loop.Expect();
    }

    /// <summary>It was posted, and has been continued.</summary>
    public void Ended()
    {
        if (--outstandingCount == 0)
            idle?.Invoke();
    }

    /// <summary>Gives slots to the fields of the object in <paramref name="slot"/>.</summary>
    public int Open(int slot, SelectionSetPlan set)
    {
        int first = Slots.Allocate(set.SlotFields.Length, slot);
        ref Slot owner = ref Slots[slot];
        owner.Set = set;
        owner.First = first;
        return first;
    }

    public void StartFields(int slot, SelectionSetPlan set, object? value)
    {
        int first = Open(slot, set);
        for (int i = 0; i < set.SlotFields.Length; i++)
            StartField(set.SlotFields[i], value, first + i);
    }

    /// <summary>Starts a single value that has no object around it.</summary>
    public void StartItem(TypeShape shape, object? value) => Complete(shape, RootSlot, value);

    public void StartField(FieldPlan field, object? parent, int slot)
    {
        if (Request.Loop.IsAborting)
        {
            Slots[slot].Value = FieldFailure.Aborted;
            return;
        }
        if (field.Field.Resolver is not { } resolver)
        {
            ReadField(field, parent, slot);
            return;
        }
        if (field.Field.Loaded is { } loaded && parent is not null && loaded.Read(parent) is { } held)
        {
            Complete(field.Shape, slot, held);
            return;
        }
        if (Request.ArgumentsOf(field).Failure is { } refusal)
        {
            Fail(field, slot, refusal);
            return;
        }
        var context = new FieldContext(this, field, parent, slot);
        ValueTask<object?> task;
        try
        {
            task = Request.Engine.Telemetry.TracesResolvers ? resolver.TracedAsync(context, Request.Engine.Telemetry) : resolver(context);
        }
        catch (Exception exception)
        {
            Fail(field, slot, exception);
            return;
        }
        if (task.IsCompleted)
            Finish(field, slot, task);
        else
            context.Await(task);
    }

    public void Finish(FieldPlan field, int slot, ValueTask<object?> task)
    {
        object? value;
        try
        {
            value = task.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            Fail(field, slot, exception);
            return;
        }
        Complete(field.Shape, slot, value);
    }

    private void ReadField(FieldPlan field, object? parent, int slot)
    {
        object? value;
        try
        {
            value = field.Field.PureResolver is { } read
                ? read(parent!)
                : throw new InvalidOperationException($"The field {field.Field.Name} has no resolver.");
        }
        catch (Exception exception)
        {
            Fail(field, slot, exception);
            return;
        }
        Complete(field.Shape, slot, value);
    }

    private void Fail(FieldPlan field, int slot, Exception exception) =>
        Fail(field, slot, exception is OperationCanceledException && Request.Deadline.IsPassed ? FieldFailure.Aborted : Request.Failures.Map(exception));

    private void Fail(FieldPlan field, int slot, FieldFailure failure)
    {
        Slots[slot].Value = failure;
        if (Request.OnError == ErrorHandling.Halt && failure.Errors.Count > 0)
            Request.Halt(failure.Errors[0].At(Slots.PathOf(slot), field.Locations));
    }

    /// <summary>Descends to the fields below that have to be resolved; the value itself is checked when it is written.</summary>
    private void Complete(TypeShape shape, int slot, object? value)
    {
        Slots[slot].Value = value;
        if (value is null || !shape.NeedsWalk)
            return;
        if (value is FailedItem failed)
        {
            Fail(shape.Field, slot, failed.Exception);
            return;
        }
        switch (shape.Kind)
        {
            case ShapeKind.Object:
                StartFields(slot, shape.Set!, value);
                break;
            case ShapeKind.Abstract:
                CompleteAbstract(shape, slot, value);
                break;
            case ShapeKind.List:
                CompleteList(shape, slot, value);
                break;
        }
    }

    private void CompleteAbstract(TypeShape shape, int slot, object value)
    {
        ObjectType? type = Request.Schema.ObjectTypeOf(value);
        if (type is null || !Request.Schema.IsPossibleType(shape.Type.Named, type))
        {
            Fail(shape.Field, slot, Request.Failures.MapInternal(new InvalidOperationException(
                $"A value of {value.GetType()} for {shape.Field.Field.Name} is of {(type is null ? "no object type" : type.Name)}, "
                    + $"which {shape.Type} does not include.")));
            return;
        }
        SelectionSetPlan set = shape.Field.SetFor(type);
        if (set.IsPure)
            Slots[slot].Set = set;
        else
            StartFields(slot, set, value);
    }

    private void CompleteList(TypeShape shape, int slot, object value)
    {
        IList items;
        int countMax = int.MaxValue;
        try
        {
            if (shape.Stream is { } stream)
                countMax = Request.InitialCountOf(stream);
            if (value is IAsyncEnumerable<object?> sequence)
            {
                new SequenceReading(this, shape, slot, sequence.GetAsyncEnumerator(Request.Deadline.Token), countMax).Go();
                return;
            }
            items = ListItems.Of(value);
        }
        catch (Exception exception)
        {
            Fail(shape.Field, slot, exception);
            return;
        }
        CompleteItems(
            shape, slot, items, items.Count >= countMax ? new RemainingItems(new ListEnumerator(items, countMax)) : null,
            Math.Min(items.Count, countMax));
    }

    /// <param name="rest">The source of later items, when they are streamed.</param>
    public void CompleteItems(TypeShape shape, int slot, IList items, RemainingItems? rest) => CompleteItems(shape, slot, items, rest, items.Count);

    public void FailSequence(TypeShape shape, int slot, IAsyncEnumerator<object?> source, Exception exception)
    {
        Request.Keep(source);
        Fail(shape.Field, slot, exception);
    }

    private void CompleteItems(TypeShape shape, int slot, IList items, RemainingItems? rest, int count)
    {
        int first = Slots.Allocate(count, slot);
        ref Slot list = ref Slots[slot];
        list.First = first;
        list.Count = count;
        list.Value = items;
        if (rest is not null)
        {
            list.Value = rest;
            Request.Keep(rest.Source);
        }
        for (int i = 0; i < count; i++)
            Complete(shape.Item!, first + i, items[i]);
    }
}
