using System.Diagnostics;
using System.Globalization;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>
/// How PostgreSQL reads a page of a nested list when one generic plan serves all keys. Plans are made for farms of ten nodes on average, which is
/// less than the page size. PostgreSQL must walk the index even so, since some farms have hundreds.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class PagePlanTests(ApiHost host)
{
    private const int PageSize = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_nested_page_is_read_in_the_order_of_an_index(int farms)
    {
        List<Activity> spans = await DriverSpans.OfAsync(
            host, $$"""{ farms(first: {{farms}}) { nodes { gridNodes(first: {{PageSize}}) { nodes { gridId country } } } } }""");
        string sql = Assert.Single(spans.Statements(), statement => statement.Contains("\"nodes\" AS t", StringComparison.Ordinal));

        Assert.DoesNotContain("Sort", await PlanAsync(sql), StringComparison.Ordinal);
        // A literal page size in the statement brings the bad plan back.
        string literalLimit = string.Create(CultureInfo.InvariantCulture, $"LIMIT {PageSize + 1}");
        Assert.Contains("Sort", await PlanAsync(sql.Replace("LIMIT $2", literalLimit, StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>Returns the plan of a statement over 10,000 nodes of 1,000 farms, in a temporary table that shadows the real one.</summary>
    private async Task<string> PlanAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(host.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await RunAsync(
            """
            CREATE TEMP TABLE nodes AS
            SELECT n::bigint AS id, (1 + n % 1000)::bigint AS farm_id, 'main' AS grid, n::bigint AS grid_id, 'Belgium' AS country
            FROM generate_series(1, 10000) AS n
            """);
        await RunAsync("CREATE INDEX ON nodes (farm_id, id)");
        await RunAsync("ANALYZE nodes");
        await RunAsync("SET plan_cache_mode = force_generic_plan");
        bool isOfMany = sql.Contains("unnest", StringComparison.Ordinal);
        bool hasSize = sql.Contains("$2", StringComparison.Ordinal);
        await RunAsync($"PREPARE page ({(isOfMany ? "bigint[]" : "bigint")}{(hasSize ? ", bigint" : "")}) AS {sql}");
        await using var explain = new NpgsqlCommand($"EXPLAIN EXECUTE page ({(isOfMany ? "ARRAY[1, 2]" : "1")}{(hasSize ? ", 21" : "")})", connection);
        await using NpgsqlDataReader rows = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await rows.ReadAsync())
            plan.Add(rows.GetString(0));
        return string.Join('\n', plan);

        async Task RunAsync(string statement)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
