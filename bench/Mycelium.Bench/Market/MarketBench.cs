using System.Text;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>How near do queries come to what could be written by hand for each of them?</summary>
internal static class MarketBench
{
    private const int WarmUpSeconds = 3;

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        (string Name, string Side)[] byHand = [("by hand", Ceiling.ByHand), ("by hand, one plan", Ceiling.ByHandOnOurConnections), ("by hand, EF Core", Ceiling.WithEntities)];
        var sides = new List<Side>();
        foreach ((string name, string side) in byHand)
        {
            (Uri address, int id) = await servers.StartAsync(typeof(Ceiling).Assembly.Location, ["ceiling", "--side", side, "--postgres", servers.ConnectionString]);
            sides.Add(new Side(name, query => new Uri(address, query.Path), id));
        }
        sides.Add(new Side("ours", _ => new Uri(servers.Api, "/graphql"), servers.ApiProcessId));
        foreach (QueryCase query in QueryCase.All.Where(query => options.Asks("market") || options.Asks(query.Name)))
            await RunAsync(query, sides, servers, options);
    }

    private static async Task RunAsync(QueryCase query, List<Side> sides, BenchServers servers, BenchOptions options)
    {
        int bytes = await CompareAsync(query, sides);
        foreach (Side side in sides)
            await MeasureAsync(query, side, servers, WarmUpSeconds);
        List<HttpRun>[] runs = [.. sides.Select(_ => new List<HttpRun>())];
        for (int round = 1; round <= options.Rounds; round++)
        {
            for (int i = 0; i < sides.Count; i++)
                runs[i].Add(await MeasureAsync(query, sides[i], servers, options.Seconds));
            Report.Progress($"{query.Name}, round {round}: {string.Join(", ", sides.Zip(runs, (side, all) => FormattableString.Invariant($"{side.Name} {all[^1].PerSecond:F0}/s")))}");
        }

        Report.Line($"\n{query.Name}, {query.Title}: {bytes} bytes of JSON, 16 connections, {options.Rounds} rounds of {options.Seconds} s, medians; the goal is {query.Goal:F2} of by hand\n");
        Report.Line($"| side | requests/s | processor µs a request: server + PostgreSQL + wrk | p50 ms | p99 ms | ours to it |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: |");
        for (int i = 0; i < sides.Count; i++)
        {
            var spent = Spent.Median([.. runs[i].Select(run => run.Spent)]);
            double ratio = runs[^1].Zip(runs[i], (our, other) => our.PerSecond / other.PerSecond).Median();
            Report.Line($"| {sides[i].Name} | {runs[i].Select(run => run.PerSecond).Median():F0} | {spent.Api:F0} + {spent.Postgres:F0} + {spent.Callers:F0} | {runs[i].Select(run => run.P50).Median():F1} | {runs[i].Select(run => run.P99).Median():F1} | **{ratio:F2}** |");
        }
    }

    private static Task<HttpRun> MeasureAsync(QueryCase query, Side side, BenchServers servers, int seconds) =>
        Wrk.RunAsync(side.Address(query), query.Body, () => Spent.Of(servers, side.ProcessId), seconds);

    /// <summary>All answers, byte for byte; returns how many bytes there are.</summary>
    private static async Task<int> CompareAsync(QueryCase query, List<Side> sides)
    {
        using var http = new HttpClient();
        byte[] ours = await AskAsync(http, query, sides[^1]);
        foreach (Side side in sides)
        {
            byte[] other = await AskAsync(http, query, side);
            if (!other.AsSpan().SequenceEqual(ours))
                throw new InvalidOperationException($"The answers differ.\n{side.Name}: {Encoding.UTF8.GetString(other)}\nOurs: {Encoding.UTF8.GetString(ours)}");
        }
        return ours.Length;
    }

    private static async Task<byte[]> AskAsync(HttpClient http, QueryCase query, Side side)
    {
        using var content = new StringContent(query.Body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(side.Address(query), content);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    /// <summary>A server that answers the queries.</summary>
    private sealed record Side(string Name, Func<QueryCase, Uri> Address, int ProcessId);
}
