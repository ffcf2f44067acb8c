using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Who waits at one node. Not safe by itself: the desk's lock guards it.</summary>
internal sealed class NodeQueue(NodeId node)
{
    private readonly LinkedList<WaitingRequest> waiting = new();

    public NodeId Node { get; } = node;

    public int Count => waiting.Count;

    public void Add(WaitingRequest request) => waiting.AddLast(request);

    /// <summary>Those who were first and have not been served are first again.</summary>
    public void PutBack(IEnumerable<WaitingRequest> unserved)
    {
        foreach (WaitingRequest request in unserved.Reverse())
            waiting.AddFirst(request);
    }

    /// <summary>The first ones of the queue, without those who have gone.</summary>
    /// <param name="isDue">Who is taken; the first who is not ends it.</param>
    public List<WaitingRequest> Take(int max, Func<WaitingRequest, bool>? isDue = null)
    {
        var taken = new List<WaitingRequest>();
        while (taken.Count < max && waiting.First is { Value: var next } && isDue?.Invoke(next) is not false)
        {
            waiting.RemoveFirst();
            if (!next.IsAbandoned)
                taken.Add(next);
        }
        return taken;
    }
}
