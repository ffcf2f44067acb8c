using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Faults;

/// <summary>The faults in force. Where several speak of one thing, the latest is believed.</summary>
public sealed class FaultBoard
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private int seenCount;

    /// <summary>How many requests have been answered, spoiled or not: lets a test wait for, or rule out, a call.</summary>
    public int RequestCount => Volatile.Read(ref seenCount);

    public void Add(Fault fault)
    {
        if (fault.Problem() is { } problem)
            throw new ArgumentException(problem, nameof(fault));
        lock (gate)
            entries.Add(new Entry(fault) { Left = fault.Requests });
    }

    public void Clear()
    {
        lock (gate)
            entries.Clear();
    }

    /// <summary>Those still in force, with the requests each is still good for.</summary>
    public IReadOnlyList<Fault> Active()
    {
        lock (gate)
            return [.. entries.Select(entry => entry.Fault with { Requests = entry.Left })];
    }

    /// <summary>The faults that one request meets; each of them is one request further used up.</summary>
    internal IReadOnlyList<Fault> Take(PathString grid, PathString path, string page)
    {
        Interlocked.Increment(ref seenCount);
        lock (gate)
        {
            Entry[] met = [.. entries.Where(entry => entry.Fault.Matches(path, page) || (grid.HasValue && entry.Fault.Matches(grid + path, page)))];
            foreach (Entry entry in met)
                entry.Left--;
            entries.RemoveAll(entry => entry.Left <= 0);
            return [.. met.Select(entry => entry.Fault)];
        }
    }

    /// <summary>What the faults say of nodes, given the truth (to shrink a node "to 3 slices" needs what it uses).</summary>
    internal static Dictionary<int, NodeOverride> Overrides(IReadOnlyList<Fault> faults, GridFleet fleet)
    {
        var overrides = new Dictionary<int, NodeOverride>();
        foreach (Fault fault in faults)
        {
            if (fault.Node is not { } nodeId || !fleet.HasNode(nodeId))
                continue;
            NodeOverride said = overrides.GetValueOrDefault(nodeId) ?? new NodeOverride();
            Resources used = fault.Used ?? said.Used ?? fleet.Node(nodeId).Used;
            overrides[nodeId] = said with
            {
                Vanished = said.Vanished || fault.Vanish,
                Status = fault.NodeStatus ?? said.Status,
                Total = fault.Slices is { } slices ? ForSlices(slices, used) : fault.Total ?? said.Total,
                Used = fault.Used ?? said.Used,
            };
        }
        return overrides;
    }

    private static Resources ForSlices(int slices, Resources used) =>
        new(used.Cru + slices, used.Sru + slices * (200L << 30), used.Hru, used.Mru + slices * (4L << 30));

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;
        public int? Left { get; set; }
    }
}
