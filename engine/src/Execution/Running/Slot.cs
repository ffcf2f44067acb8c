using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A position of the response whose value is resolved before writing.</summary>
internal struct Slot
{
    /// <summary>The value as resolved, or a <see cref="FieldFailure"/>.</summary>
    public object? Value;

    /// <summary>For an object: its fields, if its type had to be found or its fields have slots.</summary>
    public SelectionSetPlan? Set;

    /// <summary>The first slot of the object's fields or the list's items.</summary>
    public int First;

    /// <summary>For a list whose items have slots: their number.</summary>
    public int Count;

    /// <summary>The slot of the enclosing object or list; -1 for the root.</summary>
    public int Owner;
}

/// <summary>
/// All slots of one execution. The slots of an object's fields are adjacent, in the order of <see cref="SelectionSetPlan.SlotFields"/>; those of a
/// list's items in the order of the items.
/// </summary>
/// <remarks>Full blocks never move, and none is reused: an abandoned resolver may still request its path.</remarks>
/// <param name="basePath">Of the root slot; null when it is the root of the response.</param>
internal sealed class SlotTable(int sizeHint, ResponsePath? basePath = null)
{
    private const int BlockBits = 11;
    private const int BlockSize = 1 << BlockBits;

    private Slot[][] blocks = [new Slot[Math.Clamp(sizeHint, 1, BlockSize)]];
    private int blockCount = 1;

    public int Count { get; private set; }

    public ref Slot this[int index] => ref blocks[index >> BlockBits][index & (BlockSize - 1)];

    /// <summary>References into the table from before are stale afterwards.</summary>
    public int Allocate(int count, int owner)
    {
        int first = Count;
        Reserve(first + count);
        Count = first + count;
        for (int i = first; i < Count; i++)
            this[i].Owner = owner;
        return first;
    }

    public ResponsePath? PathOf(int index)
    {
        int owner = this[index].Owner;
        if (owner < 0)
            return basePath;
        ResponsePath? above = PathOf(owner); // No deeper than the operation and its lists.
        int position = index - this[owner].First;
        return this[owner].Set is { } set
            ? above?.Append(set.SlotFields[position].ResponseName) ?? ResponsePath.Root(set.SlotFields[position].ResponseName)
            : above!.Append(position);
    }

    private void Reserve(int count)
    {
        if (blocks[0].Length < BlockSize && blocks[0].Length < count)
        {
            var larger = new Slot[Math.Clamp(Math.Max(count, blocks[0].Length * 2), 1, BlockSize)];
            blocks[0].AsSpan().CopyTo(larger);
            blocks[0] = larger;
        }
        int needed = (count + BlockSize - 1) >> BlockBits;
        if (needed > blocks.Length)
        {
            var more = new Slot[Math.Max(needed, blocks.Length * 2)][];
            blocks.CopyTo(more, 0);
            blocks = more;
        }
        for (; blockCount < needed; blockCount++)
            blocks[blockCount] = new Slot[BlockSize];
    }
}
