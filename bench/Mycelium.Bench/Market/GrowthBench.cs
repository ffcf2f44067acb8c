using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>Does a market that grows, or a page far down in it, cost more? One caller after the other, so that it is the statement that shows.</summary>
internal static class GrowthBench
{
    private const int RequestCount = 200;
    private const int WarmUpCount = 500;
    private const int PageSize = 50;
    private const int DeepPage = 1_000;
    private const int WalkSize = 100;
    private static readonly int[] factors = [1, 10, 100];

    /// <summary>A busy disk takes longer than anybody waits: what there is by then is measured.</summary>
    private static readonly TimeSpan fillTime = TimeSpan.FromMinutes(3);

    public static async Task RunAsync(BenchServers servers)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(servers.ConnectionString);
        using var http = new HttpClient { BaseAddress = servers.Api };
        Report.Line($"\nGrowth: medians of {RequestCount} requests, one at a time\n");
        Report.Line($"| nodes | combinations | q1, first page ms | whole list, page 1 ms | page {DeepPage} ms |");
        Report.Line($"| ---: | ---: | ---: | ---: | ---: |");
        int filled = 1;
        foreach (int factor in factors)
        {
            long fill = Stopwatch.GetTimestamp();
            for (; filled < factor && Stopwatch.GetElapsedTime(fill) < fillTime; filled++)
                await CopyAsync(database, filled);
            await database.RunAsync("VACUUM ANALYZE nodes");
            await database.RunAsync("VACUUM ANALYZE slice_combinations");
            long nodes = await database.ScalarAsync<long>("SELECT count(*) FROM nodes"), combinations = await database.ScalarAsync<long>("SELECT count(*) FROM slice_combinations");

            bool isDeep = combinations > DeepPage * PageSize;
            string[] bodies = [QueryCase.All[0].Body, Page(after: null), .. isDeep ? [Page(await CursorAsync(http))] : Array.Empty<string>()];
            double[] medians = await MediansAsync(http, bodies);
            string deep = isDeep ? medians[2].ToString("F2", CultureInfo.InvariantCulture) : "no such page";
            Report.Line($"| {nodes} | {combinations} | {medians[0]:F2} | {medians[1]:F2} | {deep} |");
        }
    }

    /// <summary>One more copy of the market that was read from the stand-in, at other prices; without the triggers, since the combinations are copied too.</summary>
    private static async Task CopyAsync(NpgsqlDataSource database, int copy)
    {
        Report.Progress($"growth: copy {copy} of the market");
        const int IdStep = 1_000_000;
        string columns = await database.ScalarAsync<string>(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'nodes' AND is_generated = 'NEVER' AND column_name <> 'id'");
        int shift = copy * IdStep;
        await database.RunAsync(string.Create(CultureInfo.InvariantCulture,
            $"SET session_replication_role = replica; INSERT INTO nodes (id, {columns}) SELECT id + {shift}, {columns} FROM nodes WHERE id < {IdStep}; RESET session_replication_role"));
        string rest = await database.ScalarAsync<string>(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 'slice_combinations' AND column_name NOT IN ('id', 'node_id', 'price_per_hour')");
        await database.RunAsync(string.Create(CultureInfo.InvariantCulture,
            $"INSERT INTO slice_combinations (id, node_id, price_per_hour, {rest}) SELECT id + {shift}::bigint * 1024, node_id + {shift}, price_per_hour + {copy} * 37 % 1000, {rest} FROM slice_combinations WHERE node_id < {IdStep}"));
    }

    private static string Page(string? after, int size = PageSize) => JsonSerializer.Serialize(new
    {
        query = "query($size: Int!, $after: String) { sliceCombinations(first: $size, after: $after, order: [{ pricePerHour: ASC }]) { nodes { id pricePerHour } pageInfo { endCursor } } }",
        variables = new { size, after },
    });

    /// <summary>Walks down to where the deep page begins.</summary>
    private static async Task<string> CursorAsync(HttpClient http)
    {
        string? cursor = null;
        for (int walked = 0; walked < (DeepPage - 1) * PageSize; walked += WalkSize)
            cursor = (await AskAsync(http, Page(cursor, WalkSize))).GetProperty("data").GetProperty("sliceCombinations").GetProperty("pageInfo").GetProperty("endCursor").GetString();
        return cursor!;
    }

    /// <summary>All requests in turns, so that a busy machine slows each alike.</summary>
    private static async Task<double[]> MediansAsync(HttpClient http, string[] bodies)
    {
        List<double>[] times = [.. bodies.Select(_ => new List<double>())];
        for (int round = 0; round < RequestCount + WarmUpCount; round++)
        {
            for (int at = 0; at < bodies.Length; at++)
            {
                long start = Stopwatch.GetTimestamp();
                await AskAsync(http, bodies[at]);
                if (round >= WarmUpCount)
                    times[at].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        return [.. times.Select(one => one.Median())];
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content);
        var json = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsByteArrayAsync());
        return json.TryGetProperty("errors", out JsonElement errors) ? throw new InvalidOperationException(errors.GetRawText()) : json;
    }
}
