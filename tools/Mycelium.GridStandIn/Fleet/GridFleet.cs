namespace Mycelium.GridStandIn.Fleet;

/// <summary>
/// All nodes and farms, generated on demand and not stored: a million nodes cost an array of IDs. The three real nodes and the real farm keep
/// their IDs; generated nodes get the smallest free IDs.
/// </summary>
public sealed class GridFleet
{
    private readonly RealRecords real = new();
    private readonly FarmGenerator farmGenerator;
    private readonly NodeGenerator nodeGenerator;
    private readonly int[] nodeIds;
    private readonly StandInOptions options;

    public GridFleet(StandInOptions options)
    {
        this.options = options;
        farmGenerator = new FarmGenerator(options.Seed);
        nodeGenerator = new NodeGenerator(options.Seed, farmGenerator);
        nodeIds = [.. real.NodeIds.Concat(Enumerable.Range(1, int.MaxValue - 1).Where(id => !real.Has(id)).Take(options.Nodes - 3))];
        Array.Sort(nodeIds);
    }

    public IReadOnlyList<int> NodeIds => nodeIds;
    public int FarmCount => options.Farms;

    public bool HasNode(int nodeId) => Array.BinarySearch(nodeIds, nodeId) >= 0;

    public GridNode Node(int nodeId)
    {
        DateTimeOffset now = options.Clock.GetUtcNow();
        return real.Has(nodeId) ? real.Make(nodeId, now) : nodeGenerator.Make(nodeId, Farm(FarmOf(nodeId)), now);
    }

    /// <summary>Farm IDs are 1 to <see cref="FarmCount"/>.</summary>
    public GridFarm Farm(int farmId) => farmId == real.Farm.FarmId ? real.Farm : farmGenerator.Make(farmId);

    /// <summary>Few farms are big and many are small: the square of a uniform random number favors low IDs.</summary>
    private int FarmOf(int nodeId)
    {
        double draw = new Randomness(options.Seed, "farm of node", nodeId).Fraction();
        return 1 + (int)(draw * draw * FarmCount);
    }
}
