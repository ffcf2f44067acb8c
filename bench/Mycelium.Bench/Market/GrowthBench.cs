using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>Does a larger market, or a page far down in it, cost more? Requests are sent one at a time, so that the cost of the statement shows.</summary>
internal static class GrowthBench
{
    private const int RequestCount = 300;
    private const int WarmUpCount = 500;
    private const int PageSize = 50;
    private const int DeepPage = 1_000;
    private const int WalkSize = 100;
    private const double Goal = 1.5;
    private static readonly int[] factors = [1, 10, 100];
    private static readonly PageKind[] kinds =
    [
        new("q1", Of("q1", "where: { region: { eq: EUROPE }, multiplier: { eq: 2 }, quantityAvailable: { gte: 1 } }")),
        new("whole list", Of("whole", "")),
    ];

    public static async Task RunAsync(BenchServers servers)
    {
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(servers.ConnectionString);
        using var http = new HttpClient { BaseAddress = servers.Api };
        Report.Line(
            $"\nGrowth: pages of {PageSize}, medians of {RequestCount} requests in ms, one at a time, in turns; the goals are ",
            $"at most {Goal} times the first row, and page {DeepPage} as fast as page 1\n");
        Report.Line(
            $"| nodes | combinations | filling s | ",
            $"{string.Join(" | ", kinds.Select(kind => $"{kind.Name}, page 1 | page {DeepPage} | backward from there | last page"))} ",
            $"|");
        Report.Line($"| ---: | ---: | ---: |{string.Concat(kinds.Select(_ => " ---: | ---: | ---: | ---: |"))}");
        int filled = 1;
        foreach (int factor in factors)
        {
            Report.Progress($"growth: {factor} times the market");
            long start = Stopwatch.GetTimestamp();
            if (factor > filled)
                await GrowthFill.RunAsync(database, filled, factor - 1);
            filled = factor;
            double fill = Stopwatch.GetElapsedTime(start).TotalSeconds;
            long nodes = await database.ScalarAsync<long>("SELECT count(*) FROM nodes"), combinations = await database.ScalarAsync<long>(
                "SELECT count(*) FROM slice_combinations");

            var requests = new List<string?>();
            foreach (PageKind kind in kinds)
            {
                string? deep = await CursorAsync(http, kind);
                requests.AddRange([kind.Page(new { first = PageSize }), deep is null ? null : kind.Page(new { first = PageSize, after = deep }),
                    deep is null ? null : kind.Page(new { last = PageSize, before = deep }), kind.Page(new { last = PageSize })]);
            }
            double?[] medians = await MediansAsync(http, requests);
            Report.Line(
                $"| {nodes} | {combinations} | {fill:F0} | ",
                $"{string.Join(" | ", medians.Select(median => median is { } time ? FormattableString.Invariant($"{time:F2}") : "no such page"))} ",
                $"|");
        }
    }

    private static string Of(string name, string where) => $$"""
        query Growth_{{name}}($first: Int, $after: String, $last: Int, $before: String) {
          sliceCombinations(first: $first, after: $after, last: $last, before: $before, {{where}} order: [{ pricePerHour: ASC }]) {
            nodes {
              id multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth country countryCode city
              gridNode { gridId status certification latitude longitude }
              farm { name certification freePublicIpCount }
            }
            pageInfo { endCursor hasNextPage }
          }
        }
        """;

    /// <summary>Pages down to where the deep page begins; null if the list ends before that.</summary>
    private static async Task<string?> CursorAsync(HttpClient http, PageKind kind)
    {
        string? cursor = null;
        for (int left = (DeepPage - 1) * PageSize; left > 0; left -= WalkSize)
        {
            JsonElement page = (await AskAsync(http, kind.Page(new { first = Math.Min(left, WalkSize), after = cursor })))
                .GetProperty("data").GetProperty("sliceCombinations").GetProperty("pageInfo");
            cursor = page.GetProperty("endCursor").GetString();
            if (!page.GetProperty("hasNextPage").GetBoolean())
                return null;
        }
        return cursor;
    }

    /// <summary>Sends all requests in turns, so that a busy machine slows them equally.</summary>
    private static async Task<double?[]> MediansAsync(HttpClient http, List<string?> requests)
    {
        List<double>[] times = [.. requests.Select(_ => new List<double>())];
        for (int round = -WarmUpCount; round < RequestCount; round++)
        {
            for (int at = 0; at < times.Length; at++)
            {
                if (requests[at] is not { } body)
                    continue;
                long start = Stopwatch.GetTimestamp();
                await SendAsync(http, body);
                if (round >= 0)
                    times[at].Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }
        return [.. times.Select(one => one.Count == 0 ? (double?)null : one.Median())];
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, string body)
    {
        var json = JsonSerializer.Deserialize<JsonElement>(await SendAsync(http, body));
        return json.TryGetProperty("errors", out JsonElement errors) ? throw new InvalidOperationException(errors.GetRawText()) : json;
    }

    private static async Task<byte[]> SendAsync(HttpClient http, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content);
        byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode == HttpStatusCode.OK ? bytes : throw new InvalidOperationException(Encoding.UTF8.GetString(bytes));
    }

    private sealed record PageKind(string Name, string Query)
    {
        public string Page(object variables) => JsonSerializer.Serialize(new { query = Query, variables });
    }
}
