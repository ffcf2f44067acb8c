using System.Diagnostics;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Tests.Hosting;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Tests.Market;

[Collection(ApiCollection.Name)]
public sealed class MarketQueryTests(ApiHost host, ITestOutputHelper output)
{
    private const int Searches = 60;
    private static readonly string[] tables = ["slice_combinations", "nodes", "farms"];

    [Theory]
    [InlineData("""{ "country": { "eq": "Belgium" } }""")]
    [InlineData("""{ "region": { "in": ["EUROPE", "ASIA"] } }""")]
    [InlineData("""{ "city": { "icontains": "A" } }""")]
    [InlineData("""{ "farmName": { "startsWith": "F" } }""")]
    [InlineData("""{ "certification": { "eq": "CERTIFIED" } }""")]
    [InlineData("""{ "uptimePercent": { "gte": 99 } }""")]
    [InlineData("""{ "downloadMbps": { "gte": 100 }, "uploadMbps": { "gt": 50 } }""")]
    [InlineData("""{ "multiplier": { "in": [2, 8] } }""")]
    [InlineData("""{ "cores": { "gte": 4 }, "memoryBytes": { "gte": 17179869184 }, "ssdBytes": { "lte": 3435973836800 } }""")]
    [InlineData("""{ "pricePerHour": { "lte": 0.03 } }""")]
    [InlineData("""{ "pricePerMonth": { "gt": 10.8, "lt": 40 } }""")]
    [InlineData("""{ "quantityAvailable": { "gt": 0 } }""")]
    [InlineData("""{ "gpuCount": { "gte": 1 } }""")]
    [InlineData("""{ "isDedicated": { "eq": true } }""")]
    [InlineData("""{ "nodeStatus": { "neq": "UP" } }""")]
    [InlineData("""{ "gridNode": { "freeSlices": { "gte": 16 } }, "farm": { "isDedicated": { "eq": false } } }""")]
    public async Task A_filter_finds_what_reading_every_row_finds(string where)
    {
        List<JsonObject> all = await MarketRow.AllAsync(host.Anyone);

        List<JsonObject> found = await MarketRow.AllAsync(host.Anyone, JsonNode.Parse(where), onlyIds: true);

        Assert.Equal(MarketRow.Ids(all.Where(row => PlainMarket.Holds(JsonNode.Parse(where)!.AsObject(), row))), MarketRow.Ids(found));
    }

    [Fact]
    public async Task Random_searches_find_what_reading_every_row_finds_in_its_order()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        List<JsonObject> all = await MarketRow.AllAsync(host.Anyone);
        var search = new RandomSearch(new Random(seed), all);

        for (int index = 0; index < Searches; index++)
        {
            JsonObject where = search.Where();
            IReadOnlyList<(string, bool)> keys = search.Order();

            List<JsonObject> found = await MarketRow.AllAsync(host.Anyone, where, RandomSearch.Order(keys), onlyIds: true);

            string[] expected = [.. PlainMarket.Sorted(all.Where(row => PlainMarket.Holds(where, row)), keys)];
            Assert.True(
                expected.SequenceEqual(MarketRow.Ids(found)),
                $"seed {seed}, search {index}: {where.ToJsonString()} by {RandomSearch.Order(keys).ToJsonString()}");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{ "pricePerHour": "ASC" }]""")]
    [InlineData("""[{ "uploadMbps": "DESC" }, { "multiplier": "ASC" }]""")]
    [InlineData("""[{ "farm": { "name": "DESC" } }, { "gridNode": { "freeSlices": "ASC" } }]""")]
    public async Task Pages_of_any_size_in_either_direction_are_the_whole_list(string order)
    {
        JsonNode keys = JsonNode.Parse(order)!;
        string[] whole = [.. MarketRow.Ids(await MarketRow.AllAsync(host.Anyone, order: keys, onlyIds: true))];

        Assert.True(whole.Length > 100, "The market is too small to have pages.");
        Assert.Equal(whole, MarketRow.Ids(await MarketRow.AllAsync(host.Anyone, order: keys, pageSize: 23, onlyIds: true)));
        Assert.Equal(whole, MarketRow.Ids(await MarketRow.AllAsync(host.Anyone, order: keys, pageSize: 23, backward: true, onlyIds: true)));
    }

    [Theory]
    [InlineData("{ sliceCombinations { nodes { id } } }", 1)]
    [InlineData("{ sliceCombinations { totalCount nodes { id } } }", 2)]
    [InlineData("{ sliceCombinations(first: 50) { nodes { multiplier gridNode { gridId } farm { name } } } }", 1)]
    [InlineData("{ gridNodes(first: 50) { nodes { gridId farm { name } sliceCombinations { multiplier } } } }", 2)]
    [InlineData("{ gridNodes(first: 50) { nodes { sliceCombinations { gridNode { farm { name } } } } } }", 4)]
    public async Task A_level_costs_at_most_one_statement_however_many_rows_it_has(string query, int max)
    {
        await host.Anyone.DataAsync(query); // Warms up the pool's prepared statements.
        int statements = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value is string text && text.Contains("FROM ", StringComparison.Ordinal) && IsOfTheMarket(text)))
                    Interlocked.Increment(ref statements);
            },
        };
        ActivitySource.AddActivityListener(listener);

        await host.Anyone.DataAsync(query);

        Assert.InRange(statements, 1, max);
    }

    /// <summary>Background work reads events, rentals and leases at any time; only requests read these tables.</summary>
    private static bool IsOfTheMarket(string statement) =>
        tables.Any(table => statement.Replace("\"", "", StringComparison.Ordinal).Contains($"FROM {table}", StringComparison.Ordinal));
}
