using System.Runtime.CompilerServices;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Collects the items of all lists that are being read, one above the other, so that each list is allocated once and in its exact size.</summary>
internal sealed class NodeStack
{
    private SyntaxNode[] items = new SyntaxNode[16];

    /// <summary>Where the next item goes: remember it before a list, give it to <see cref="TakeFrom{T}"/> after it.</summary>
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
