using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The callers that wait for one node. Not thread-safe: the desk's lock guards it.</summary>
internal sealed class NodeQueue(NodeId node)
{
    private readonly LinkedList<WaitingRequest> waiting = new();

    public NodeId Node { get; } = node;

    public int Count => waiting.Count;

    public void Add(WaitingRequest request) => waiting.AddLast(request);

    /// <summary>Returns callers that were not served to the front, in their order.</summary>
    public void PutBack(IEnumerable<WaitingRequest> unserved)
    {
        foreach (WaitingRequest request in unserved.Reverse())
        {
            request.IsTaken = false;
            waiting.AddFirst(request);
        }
    }

    /// <summary>Removes callers from the front and returns them, except those that have left or were refused.</summary>
    /// <param name="isDue">Stops at the first caller for which this is false.</param>
    public List<WaitingRequest> Take(int max, Func<WaitingRequest, bool>? isDue = null)
    {
        var taken = new List<WaitingRequest>();
        while (taken.Count < max && waiting.First is { Value: var next } && isDue?.Invoke(next) is not false)
        {
            waiting.RemoveFirst();
            if (next.IsOver)
                continue;
            next.IsTaken = true;
            taken.Add(next);
        }
        return taken;
    }
}
