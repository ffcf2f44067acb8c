namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Reads a field's asynchronous sequence into a list: all of it, or the first items when the others are streamed.</summary>
internal sealed class SequenceReading(FieldResolution resolution, TypeShape shape, int slot, IAsyncEnumerator<object?> source, int countMax) : IRunWork
{
    private readonly List<object?> items = [];
    private Task<bool> moving = Task.FromResult(false);

    /// <summary>Continues until the sequence has to wait, or has nothing more to read.</summary>
    public void Go()
    {
        while (items.Count < countMax)
        {
            try
            {
                moving = source.MoveNextAsync().AsTask();
            }
            catch (Exception exception)
            {
                resolution.FailSequence(shape, slot, source, exception);
                return;
            }
            if (!moving.IsCompleted)
            {
                resolution.Expect();
                moving.GetAwaiter().UnsafeOnCompleted(() => resolution.Request.Loop.Post(this));
                return;
            }
            if (!TryTake())
                return;
        }
        resolution.CompleteItems(shape, slot, items, new RemainingItems(source));
    }

    public void Proceed()
    {
        if (TryTake())
            Go();
        resolution.Ended();
    }

    private bool TryTake()
    {
        try
        {
            if (moving.GetAwaiter().GetResult())
            {
                items.Add(source.Current);
                return true;
            }
        }
        catch (Exception exception)
        {
            resolution.FailSequence(shape, slot, source, exception);
            return false;
        }
        resolution.Request.Keep(source);
        resolution.CompleteItems(shape, slot, items, rest: null);
        return false;
    }
}
