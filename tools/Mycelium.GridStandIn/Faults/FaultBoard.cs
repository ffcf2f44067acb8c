using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Faults;

/// <summary>The active faults. If several set the same thing, the latest applies.</summary>
public sealed class FaultBoard
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];
    private int seenCount;

    /// <summary>How many requests there have been, affected by faults or not. Tests use it to wait for a request, or to check that there was none.</summary>
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

    /// <summary>The active faults, with the number of requests left for each.</summary>
    public IReadOnlyList<Fault> Active()
    {
        lock (gate)
            return [.. entries.Select(entry => entry.Fault with { Requests = entry.Left })];
    }

    /// <summary>The faults that affect one request. This uses up one request of each.</summary>
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

    /// <summary>The changes to nodes by faults. They depend on the real values: shrinking a node "to 3 slices" requires what it uses.</summary>
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
