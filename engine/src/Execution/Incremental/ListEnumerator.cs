using System.Collections;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The items of a list from an index on, as a sequence that never waits.</summary>
internal sealed class ListEnumerator(IList items, int index) : IAsyncEnumerator<object?>
{
    private int next = index;

    public object? Current => items[next - 1];

    public ValueTask<bool> MoveNextAsync() => new(next++ < items.Count);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
