using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// Executes one plan for one request, or for one event of a subscription.
/// <see href="https://spec.graphql.org/September2025/#sec-Executing-Operations"/>
/// </summary>
/// <param name="later">Receives what is deferred or streamed; null for plans without either.</param>
internal sealed class OperationRun(OperationPlan plan, RequestState request, object? rootValue, ResponseBuffer buffer, Deliveries? later)
{
    /// <summary>Stands for the root value of an operation without one: fields of a root type that read their parent find nothing there.</summary>
    private static readonly object NoRoot = new();

    private readonly ResponseErrors errors = new(request.Engine.Options.ErrorCountMax);
    private readonly object root = rootValue ?? NoRoot;

    public static ValueTask<OperationResult> ExecuteAsync(OperationPlan plan, RequestState request, object? rootValue, Deliveries? later = null)
    {
        ExecutionServices engine = request.Engine;
        var buffer = new ResponseBuffer(engine.Buffers, plan.ResponseSizeHint, engine.Options.ResponseBytesMax);
        return new OperationRun(plan, request, rootValue, buffer, later).ExecuteAsync();
    }

    public static GraphQLError TooLarge(RequestOptions options) =>
        GraphQLError.OverLimit($"The response is larger than {options.ResponseBytesMax} bytes.", "responseBytes", options.ResponseBytesMax);

    public static GraphQLError TooManyDeliveries(RequestOptions options) => GraphQLError.OverLimit(
        $"More than {options.PendingDeliveryCountMax} parts of the response would be pending; defer above the list rather than in it.",
        "pendingDeliveryCount", options.PendingDeliveryCountMax);

    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    private async ValueTask<OperationResult> ExecuteAsync()
    {
        try
        {
            bool isWhole = plan.Operation == OperationType.Mutation ? await RunSeriallyAsync().ConfigureAwait(false) : await RunAsync().ConfigureAwait(false);
            if (!isWhole)
                WriteNull();
            ThrowIfHalted();
        }
        catch (OperationCanceledException) when (request.HaltedBy is not null && !request.Deadline.Request.IsCancellationRequested)
        {
            errors.Clear();
            Refuse(request.HaltedBy);
        }
        catch (OperationCanceledException) when (!request.Deadline.Request.IsCancellationRequested && request.Deadline.IsPassed)
        {
            Refuse(request.Engine.Errors.OutOfTime());
        }
        catch (ResponseTooLargeException)
        {
            Refuse(TooLarge(request.Engine.Options));
        }
        catch (TooManyDeliveriesException)
        {
            Refuse(TooManyDeliveries(request.Engine.Options));
        }
        catch
        {
            buffer.Dispose();
            later?.Clear();
            throw;
        }
        finally
        {
            if (later is not { IsEmpty: false })
                await request.EndAsync().ConfigureAwait(false);
        }
        return new ExecutedResult(buffer, errors.ToList(), request.ResponseExtensions, request.OperationCost);
    }

    /// <summary>Resolves all fields that need it, concurrently; then writes.</summary>
    private async ValueTask<bool> RunAsync()
    {
        if (plan.Root.IsPure)
            return Write(slots: null, firstSlot: -1);

        var resolution = new FieldResolution(request, plan.SlotCountHint);
        resolution.StartFields(FieldResolution.RootSlot, plan.Root, root);
        if (request.Loop.HasWork)
            await DrainAsync().ConfigureAwait(false);
        ThrowIfHalted();
        bool isWhole = Write(resolution.Slots, resolution.Slots[FieldResolution.RootSlot].First);
        AddReported(resolution);
        plan.Learn(buffer.Count, resolution.Slots.Count);
        return isWhole;
    }

    /// <summary>
    /// <see href="https://spec.graphql.org/September2025/#sec-Serial-Execution"/>: each field is written before the next one starts, since the next
    /// one may change the objects that this one shows. A field whose error makes the whole response null ends the operation.
    /// </summary>
    private async ValueTask<bool> RunSeriallyAsync()
    {
        var resolution = new FieldResolution(request, plan.SlotCountHint);
        int first = resolution.Open(FieldResolution.RootSlot, plan.Root);
        var writer = new ResponseWriter(request, resolution.Slots, buffer, errors, later);
        writer.BeginRoot();
        for (int i = 0; i < plan.Root.Fields.Length; i++)
        {
            PlannedField field = plan.Root.Fields[i];
            if (field.Slot >= 0)
                resolution.StartField(field.Plan, root, first + field.Slot);
            if (request.Loop.HasWork)
                await DrainAsync().ConfigureAwait(false);
            request.Deadline.ThrowIfPassed();
            if (!writer.WriteField(plan.Root, field, isFirst: i == 0, root, first))
            {
                AddReported(resolution);
                return false;
            }
        }
        writer.EndRoot();
        AddReported(resolution);
        return true;
    }

    private void AddReported(FieldResolution resolution)
    {
        foreach (GraphQLError error in resolution.Reported)
            errors.Add(error);
    }

    private bool Write(SlotTable? slots, int firstSlot) => new ResponseWriter(request, slots, buffer, errors, later).WriteObject(plan.Root, root, firstSlot);

    /// <summary>Waits for resolvers. When time is up they are cancelled, and abandoned if they do not stop.</summary>
    private async ValueTask DrainAsync()
    {
        using (new StopGuard(request))
            await request.Loop.DrainAsync().ConfigureAwait(false);
        if (request.Loop.IsAborting)
            request.Deadline.ThrowIfPassed();
    }

    private void ThrowIfHalted()
    {
        if (request.HaltedBy is not null)
            request.Deadline.ThrowIfPassed();
    }

    private void Refuse(GraphQLError error)
    {
        WriteNull();
        errors.Add(error);
    }

    private void WriteNull()
    {
        later?.Clear();
        buffer.Truncate(0);
        buffer.Write("null"u8);
    }
}
