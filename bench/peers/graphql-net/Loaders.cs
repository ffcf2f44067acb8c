using global::GraphQL.DataLoader;
using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>The batch loaders of one request: one statement reads all that one level needs.</summary>
internal sealed class Loaders
{
    private static readonly string farmColumns = Tables.Farms.Whole.Sql("f");
    private static readonly string nodeColumns = Tables.Nodes.Whole.Sql("n");
    private static readonly string combinationColumns = Tables.Combinations.Whole.Sql("c");
    private static readonly string farmsById = $"SELECT {farmColumns} FROM farms AS f WHERE f.id";
    private static readonly string nodesById = $"SELECT {nodeColumns} FROM nodes AS n WHERE n.id";
    private readonly Store store;
    private int firstNodes;

    public Loaders(Store store)
    {
        this.store = store;
        Farms = new(async keys => (await ReadAsync(Statements.ByKeys(farmsById, keys), Farm)).ToDictionary(farm => farm.Id));
        Nodes = new(async keys => (await ReadAsync(Statements.ByKeys(nodesById, keys), Node)).ToDictionary(node => node.Id));
        CombinationsOfNodes = new(
            async keys => Group(keys, await ReadAsync(Statements.CombinationsOfNodes(combinationColumns, keys), Combination), one => one.NodeId));
        NodesOfFarms = new(async keys => Group(keys, await ReadAsync(Statements.NodesOfFarms(nodeColumns, keys, firstNodes), Node), node => node.FarmId)
            .ToDictionary(list => list.Key, list => new Page<NodeRow>(list.Value)));
    }

    public Batch<FarmRow> Farms { get; }
    public Batch<NodeRow> Nodes { get; }
    public Batch<List<CombinationRow>> CombinationsOfNodes { get; }
    private Batch<Page<NodeRow>> NodesOfFarms { get; }

    /// <summary>The bench's operations select the field once, so one size holds for all farms.</summary>
    public IDataLoaderResult FirstNodesOf(long farm, int first)
    {
        firstNodes = first;
        return NodesOfFarms.Load(farm);
    }

    public static FarmRow Farm(NpgsqlDataReader row) => Tables.Farms.Whole.Read(row);

    public static NodeRow Node(NpgsqlDataReader row) => Tables.Nodes.Whole.Read(row);

    public static CombinationRow Combination(NpgsqlDataReader row) => Tables.Combinations.Whole.Read(row);

    private Task<List<T>> ReadAsync<T>(NpgsqlBatchCommand command, Func<NpgsqlDataReader, T> read) => store.ReadAsync(command, read, CancellationToken.None);

    private static Dictionary<long, List<T>> Group<T>(long[] keys, List<T> rows, Func<T, long> key)
    {
        Dictionary<long, List<T>> lists = keys.ToDictionary(one => one, _ => new List<T>());
        foreach (T row in rows)
            lists[key(row)].Add(row);
        return lists;
    }
}

/// <summary>Collects keys until the first of their values is awaited.</summary>
internal sealed class Batch<T>(Func<long[], Task<Dictionary<long, T>>> read) where T : class
{
    private readonly Lock gate = new();
    private Round round = new();

    public IDataLoaderResult Load(long key)
    {
        lock (gate)
        {
            round.Keys.Add(key);
            return new Pending(this, round, key);
        }
    }

    private Task<Dictionary<long, T>> Send(Round sent)
    {
        lock (gate)
        {
            if (sent == round)
                round = new();
            return sent.Values ??= read([.. sent.Keys]);
        }
    }

    private sealed class Round
    {
        public HashSet<long> Keys { get; } = [];
        public Task<Dictionary<long, T>>? Values { get; set; }
    }

    private sealed class Pending(Batch<T> batch, Round round, long key) : IDataLoaderResult
    {
        public async Task<object?> GetResultAsync(CancellationToken cancellationToken = default) => (await batch.Send(round)).GetValueOrDefault(key);
    }
}
