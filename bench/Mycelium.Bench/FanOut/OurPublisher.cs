using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.FanOut;

/// <summary>
/// Our API; each topic is a node. This program writes the changes, numbers them and publishes the Redis hint, as another replica would. The
/// API reads and fans out.
/// </summary>
internal sealed class OurPublisher : IPublisher
{
    private const string Subscription_ =
        "subscription($where: SliceCombinationFilterInput, $after: String) { onSliceCombinationChanged(where: $where, after: $after) { __typename "
        + "... on StreamEvent { cursor } ... on ChangeEvent { reason } "
        + "... on SliceCombinationsSnapshot { sliceCombinations { ...C } } ... on SliceCombinationChanged { sliceCombination { ...C } } } } "
        + "fragment C on SliceCombination { id multiplier quantityAvailable pricePerHour pricePerMonth country city farm { name } gridNode { gridId status } }";

    /// <summary>A replica's sessions do not use JIT either; here it would take 30 ms per change.</summary>
    private const string SessionOfReplica = ";Max Auto Prepare=10;Auto Prepare Min Usages=2;Options=-c jit=off";

    private readonly BenchServers servers;
    private readonly NpgsqlConnection database;
    private readonly NpgsqlConnection stamping;
    private readonly RedisHints hints;
    private readonly SemaphoreSlim written = new(0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task stamper;
    private readonly long[] nodes;
    private string cursor = "";
    private long price = 20_000;

    private OurPublisher(BenchServers servers, NpgsqlConnection database, NpgsqlConnection stamping, RedisHints hints, long[] nodes)
    {
        (this.servers, this.database, this.stamping, this.hints, this.nodes) = (servers, database, stamping, hints, nodes);
        stamper = StampAsync();
    }

    public string Name => "ours";
    public int ProcessId => servers.ApiProcessId;
    public Spent Spent => new(
        ProcessorTime.MicrosecondsOf(servers.ApiProcessId),
        ProcessorTime.MicrosecondsOfTree(servers.PostgresProcessId),
        ProcessorTime.MicrosecondsOf(servers.RedisProcessId),
        ProcessorTime.MicrosecondsOf(Environment.ProcessId));

    public static async Task<OurPublisher> StartAsync(BenchServers servers, int topicCount)
    {
        string session = servers.ConnectionString + SessionOfReplica;
        var database = new NpgsqlConnection(session);
        var stamping = new NpgsqlConnection(session);
        await database.OpenAsync();
        await stamping.OpenAsync();
        var nodes = new List<long>();
        await using (var command = new NpgsqlCommand(
            "SELECT id FROM nodes WHERE is_published AND slice_capacity BETWEEN 4 AND 16 ORDER BY id LIMIT $1", database))
        {
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = topicCount });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                nodes.Add(reader.GetInt64(0));
        }
        return new OurPublisher(servers, database, stamping, await RedisHints.ConnectAsync(servers.Redis), [.. nodes]);
    }

    public async Task BeginAsync()
    {
        using var http = new HttpClient();
        using HttpResponseMessage answer = await http.PostAsJsonAsync(new Uri(servers.Api, "/graphql"), new { query = "{ streamCursor }" });
        cursor = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("streamCursor").GetString()!;
    }

    /// <summary>
    /// Each variation has a filter of its own, which also includes a node that never changes. The IDs of operations differ, as with real
    /// clients.
    /// </summary>
    public (Uri Address, string? Subscribe) Subscription(int[] topics, int variation, int subscriber) =>
        (new Uri(servers.Api, "/graphql"), Subscribe(cursor, topics.Select(topic => nodes[topic]).Append(-1 - variation)));

    /// <param name="after">The cursor; null to begin with a snapshot.</param>
    /// <param name="nodes">The nodes whose combinations of one slice are subscribed to.</param>
    public static string Subscribe(string? after, IEnumerable<long> nodes) => JsonSerializer.Serialize(new
    {
        type = "subscribe",
        id = Guid.NewGuid().ToString(),
        payload = new
        {
            query = Subscription_,
            variables = new { after, where = new { multiplier = new { eq = 1 }, gridNode = new { gridId = new { @in = nodes } } } },
        },
    });

    public async Task<long> PublishAsync(int[] topics)
    {
        await using var command = new NpgsqlCommand("UPDATE nodes SET price_per_slice = $2, version = version + 1 WHERE id = ANY ($1)", database);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. topics.Select(topic => nodes[topic])] });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = ++price });
        await command.ExecuteNonQueryAsync();
        long at = Stopwatch.GetTimestamp();
        written.Release();
        return at;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await stamper;
        stop.Dispose();
        written.Dispose();
        hints.Dispose();
        await database.DisposeAsync();
        await stamping.DisposeAsync();
    }

    /// <summary>Does what a replica does to number events.</summary>
    private async Task StampAsync()
    {
        try
        {
            while (true)
            {
                await written.WaitAsync(stop.Token);
                while (await written.WaitAsync(0))
                {
                    // One transaction numbers all events that are there.
                }
                await using var command = new NpgsqlCommand("SELECT stamped, up_to FROM stamp_events($1)", stamping);
                command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = 1_000 });
                await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
                if (await reader.ReadAsync() && reader.GetInt32(0) is > 0 and int stamped)
                    await hints.PublishAsync(reader.GetInt64(1) - stamped + 1, reader.GetInt64(1));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run is over.
        }
    }
}
