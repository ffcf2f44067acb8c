using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The later items of one list: resolved several at a time, so that data loaders have something to batch, and delivered in order.</summary>
internal sealed class ItemStream(RequestState request, StreamUsage usage, ResponsePath list, int firstIndex, IAsyncEnumerator<object?> source)
    : PendingDelivery(list, usage.Label), IRunWork
{
    /// <summary>Pages of lists are not longer, nor are the batches of most stores; the only cost is one unresolved item each.</summary>
    private const int ItemsAtOnce = 100;

    private readonly Queue<StreamItem> items = [];
    private readonly TypeShape shape = usage.Items.Shape.Item!;
    private Task<bool> moving = Task.FromResult(false);
    private bool isMoving;
    private int nextIndex = firstIndex;

    /// <summary>The source has no more items, or failed.</summary>
    private bool isAtEnd;

    /// <summary>Why the list cannot continue; empty otherwise.</summary>
    public IReadOnlyList<GraphQLError> Failure { get; private set; } = [];

    /// <summary>Everything has been delivered, or nothing more will be.</summary>
    public bool IsFinished => isAtEnd && items.Count == 0;

    /// <summary>There are items to deliver, or the end has to be reported.</summary>
    public bool IsReady => IsFinished || (items.TryPeek(out StreamItem? next) && next.IsIdle);

    /// <summary>Takes items from the source for as long as they are available.</summary>
    public void Pump()
    {
        while (!isMoving && !isAtEnd && items.Count < ItemsAtOnce && !request.Loop.IsAborting)
        {
            try
            {
                moving = source.MoveNextAsync().AsTask();
            }
            catch (Exception exception)
            {
                Fail(exception);
                return;
            }
            if (moving.IsCompleted)
            {
                Take();
                continue;
            }
            isMoving = true;
            request.Loop.Expect();
            moving.GetAwaiter().UnsafeOnCompleted(() => request.Loop.Post(this));
        }
    }

    void IRunWork.Proceed()
    {
        isMoving = false;
        Take();
        Pump();
    }

    /// <summary>Writes the resolved items, separated by commas, up to the first unresolved one; null when there are none.</summary>
    public DeliveredPart? Settle(DeliveryBudget budget)
    {
        var part = new DeliveredPart(request, budget);
        try
        {
            for (bool isFirst = true; items.TryPeek(out StreamItem? item) && item.IsIdle; isFirst = false)
            {
                items.Dequeue();
                int start = part.Data.Count;
                if (!isFirst)
                    part.Data.Add((byte)',');
                part.Begin(item.Resolution, item.Path, scope: null);
                if (part.Writer.WriteItem(shape, item.Value, item.Resolution is null ? -1 : FieldResolution.RootSlot))
                {
                    part.End(item.Resolution);
                    continue;
                }
                part.Data.Truncate(start);
                part.Later.Truncate(start);
                items.Clear();
                isAtEnd = true;
                Failure = part.Failure;
            }
        }
        catch
        {
            part.Dispose();
            throw;
        }
        if (part.Data.Count > 0)
            return part;
        part.Dispose();
        return null;
    }

    private void Take()
    {
        object? value;
        try
        {
            if (!moving.GetAwaiter().GetResult())
            {
                isAtEnd = true;
                return;
            }
            value = source.Current;
        }
        catch (Exception exception)
        {
            Fail(exception);
            return;
        }
        var item = new StreamItem(Path!.Append(nextIndex++), value);
        items.Enqueue(item);
        if (shape.NeedsWalk)
            item.Start(request, shape);
    }

    private void Fail(Exception exception)
    {
        isAtEnd = true;
        Failure = [.. request.Failures.Map(exception).Errors.Select(error => error.At(Path, usage.Items.Locations))];
    }

    private sealed class StreamItem(ResponsePath path, object? value)
    {
        public ResponsePath Path => path;
        public object? Value => Resolution is null ? value : Resolution.Slots[FieldResolution.RootSlot].Value;
        public FieldResolution? Resolution { get; private set; }
        public bool IsIdle => Resolution is not { IsIdle: false };

        public void Start(RequestState request, TypeShape shape)
        {
            Resolution = new FieldResolution(request, 4, path, idle: null);
            Resolution.StartItem(shape, value);
        }
    }
}
