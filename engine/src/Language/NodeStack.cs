using System.Runtime.CompilerServices;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>
/// Collects the items of all lists that are being read, stacked on each other, so that each list is allocated once and in its exact size.
/// </summary>
internal sealed class NodeStack
{
    private SyntaxNode[] items = new SyntaxNode[16];

    /// <summary>The position of the next item: remember it before a list, pass it to <see cref="TakeFrom{T}"/> afterwards.</summary>
    public int Count { get; private set; }

    public void Push(SyntaxNode node)
    {
        if (Count == items.Length)
            Array.Resize(ref items, items.Length * 2);
        items[Count++] = node;
    }

    /// <summary>Removes the items from <paramref name="mark"/> on, all of which were pushed as <typeparamref name="T"/>.</summary>
    public T[] TakeFrom<T>(int mark) where T : SyntaxNode
    {
        if (Count == mark)
            return [];
        var taken = new T[Count - mark];
        for (int index = 0; index < taken.Length; index++)
            taken[index] = Unsafe.As<T>(items[mark + index]);
        Count = mark;
        return taken;
    }
}
