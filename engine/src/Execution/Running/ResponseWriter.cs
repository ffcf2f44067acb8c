using System.Collections;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// The second half of an execution: one pass in response order that writes what was resolved and reads the rest from its objects.
/// <see href="https://spec.graphql.org/September2025/#CompleteValue()"/>
/// </summary>
/// <remarks>
/// Each method returns whether it wrote a value. If not, the position cannot be null either, and the nearest nullable position above discards what
/// was written since its start: <see href="https://spec.graphql.org/September2025/#sec-Handling-Execution-Errors"/>. Recursion is as deep as the
/// operation, never as its data.
/// </remarks>
/// <param name="later">Receives what is deferred or streamed; null for plans without either.</param>
/// <param name="basePath">Where in the response the buffer starts; null for its root.</param>
/// <param name="scope">The deferred fragments around that position.</param>
internal sealed class ResponseWriter(
    RequestState request, SlotTable? slots, ResponseBuffer buffer, ResponseErrors errors, Deliveries? later = null, ResponsePath? basePath = null,
    DeliveryScope? scope = null)
{
    private const int NoSlot = -1;
    private const int ObjectsBetweenDeadlineChecks = 1_024;

    private readonly WrittenPath path = new(basePath);

    /// <summary><see cref="ErrorHandling.Null"/>: a null stays where it is, even in a non-null position.</summary>
    private readonly bool isNullKept = request.OnError == ErrorHandling.Null;

    private int objectCount;

    /// <summary>Writes an object whose fields, if they have slots, start at <paramref name="firstSlot"/>.</summary>
    public bool WriteObject(SelectionSetPlan set, object value, int firstSlot)
    {
        if (set.Deferred is { } deferred)
            return WriteDeferring(set, deferred, value, firstSlot);
        return WriteFields(set, value, firstSlot);
    }

    /// <summary>Writes one item of a streamed list.</summary>
    public bool WriteItem(TypeShape shape, object? value, int slot) => WriteValue(shape, value, slot);

    /// <summary>Writes an object that delivers some fields later, and records these.</summary>
    private bool WriteDeferring(SelectionSetPlan set, DeferredFields deferred, object value, int firstSlot)
    {
        DeliveryScope? outer = scope;
        ResponsePath? place = path.ToResponsePath();
        int position = buffer.Count + 1;
        scope = Deliveries.Open(outer, deferred, place);
        bool isWhole = WriteFields(set, value, firstSlot);
        if (isWhole)
            later!.Add(position, deferred, value, place, scope);
        scope = outer;
        return isWhole;
    }

    private bool WriteFields(SelectionSetPlan set, object value, int firstSlot)
    {
        if (++objectCount % ObjectsBetweenDeadlineChecks == 0)
            request.Deadline.ThrowIfPassed();
        buffer.Add((byte)'{');
        path.Enter();
        bool isWhole = true;
        PlannedField[] fields = set.Fields;
        for (int i = 0; i < fields.Length && isWhole; i++)
            isWhole = WriteField(set, fields[i], isFirst: i == 0, value, firstSlot);
        path.Leave();
        buffer.Add((byte)'}');
        return isWhole;
    }

    /// <summary>Starts the root object of a mutation, whose fields are written one by one as they complete.</summary>
    public void BeginRoot()
    {
        buffer.Add((byte)'{');
        path.Enter();
    }

    public bool WriteField(SelectionSetPlan set, PlannedField field, bool isFirst, object parent, int firstSlot)
    {
        FieldPlan plan = field.Plan;
        path.At(plan);
        buffer.Write(isFirst ? plan.EncodedName.AsSpan(1) : plan.EncodedName);
        if (field.Slot >= 0)
            return WriteValue(plan.Shape, slots![firstSlot + field.Slot].Value, firstSlot + field.Slot);
        if (plan.IsTypeName)
        {
            buffer.Write(set.EncodedTypeName);
            return true;
        }
        if (plan.Leaf is { } leaf && leaf.TryWrite(buffer, parent))
            return true;
        return WriteValue(plan.Shape, Read(plan, parent), NoSlot);
    }

    public void EndRoot()
    {
        path.Leave();
        buffer.Add((byte)'}');
    }

    private object? Read(FieldPlan plan, object parent)
    {
        try
        {
            return plan.Field.PureResolver!(parent);
        }
        catch (Exception exception)
        {
            return request.Failures.Map(exception);
        }
    }

    private bool WriteValue(TypeShape shape, object? value, int slot)
    {
        int start = buffer.Count;
        if (value is null)
        {
            if (!shape.IsNonNull)
                return WriteNull();
            errors.BeginFailure();
            AddError(new GraphQLError($"{shape.Field.Field.Name} is null, but its type {shape.Type}! is non-null.", ErrorCodes.NullForNonNull), shape);
            return isNullKept && WriteNull();
        }
        if (value is FieldFailure failure)
            AddErrors(failure, shape);
        else if (WritePresent(shape, value, slot))
            return true;

        if (shape.IsNonNull && !isNullKept)
            return false;
        buffer.Truncate(start);
        later?.Truncate(start);
        return WriteNull();
    }

    private bool WritePresent(TypeShape shape, object value, int slot)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Leaf:
                return WriteLeaf(shape, value);
            case ShapeKind.Object:
                return WriteObject(shape.Set!, value, shape.NeedsWalk ? slots![slot].First : NoSlot);
            case ShapeKind.Abstract:
                SelectionSetPlan set = slots![slot].Set!;
                return WriteObject(set, value, slots[slot].First);
            default:
                return shape.NeedsWalk ? WriteSlots(shape, slot) : WriteItems(shape, value);
        }
    }

    private bool WriteLeaf(TypeShape shape, object value)
    {
        try
        {
            shape.Leaf!.Write(buffer, value);
            return true;
        }
        catch (Exception exception) when (exception is not ResponseTooLargeException)
        {
            AddErrors(request.Failures.MapInternal(exception), shape);
            return false;
        }
    }

    /// <summary>A list whose items were resolved in advance.</summary>
    private bool WriteSlots(TypeShape shape, int slot)
    {
        int first = slots![slot].First;
        int count = slots[slot].Count;
        int position = buffer.Count + 1;
        buffer.Add((byte)'[');
        path.Enter();
        bool isWhole = true;
        for (int i = 0; i < count && isWhole; i++)
        {
            BeginItem(i);
            isWhole = WriteValue(shape.Item!, slots[first + i].Value, first + i);
        }
        path.Leave();
        buffer.Add((byte)']');
        if (isWhole && slots[slot].Value is RemainingItems rest)
            later!.Add(position, new ItemStream(request, shape.Stream!, path.ToResponsePath()!, count, rest.Source));
        return isWhole;
    }

    private bool WriteItems(TypeShape shape, object value)
    {
        IList items;
        try
        {
            items = ListItems.Of(value);
        }
        catch (Exception exception)
        {
            AddErrors(request.Failures.Map(exception), shape);
            return false;
        }
        buffer.Add((byte)'[');
        path.Enter();
        bool isWhole = true;
        for (int i = 0; i < items.Count && isWhole; i++)
        {
            BeginItem(i);
            isWhole = WriteValue(shape.Item!, items[i], NoSlot);
        }
        path.Leave();
        buffer.Add((byte)']');
        return isWhole;
    }

    private void BeginItem(int index)
    {
        path.At(index);
        if (index > 0)
            buffer.Add((byte)',');
    }

    private bool WriteNull()
    {
        buffer.Write("null"u8);
        return true;
    }

    private void AddErrors(FieldFailure failure, TypeShape shape)
    {
        errors.BeginFailure();
        foreach (GraphQLError error in failure.Errors)
            AddError(error, shape);
    }

    /// <exception cref="OperationCanceledException">The request ends with its first error.</exception>
    private void AddError(GraphQLError error, TypeShape shape)
    {
        errors.Add(errors.IsFull ? error : error.At(path.ToResponsePath(), shape.Field.Locations));
        if (request.OnError != ErrorHandling.Halt)
            return;
        request.Halt(errors.ToList()[0]);
        request.Deadline.ThrowIfPassed();
    }
}
