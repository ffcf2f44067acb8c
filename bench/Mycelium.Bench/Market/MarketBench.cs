using System.Text;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>How near do queries come to what could be written by hand for each of them?</summary>
internal static class MarketBench
{
    private const int WarmUpSeconds = 3;

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        (Uri address, int ceilingId) = await servers.StartAsync(typeof(Ceiling).Assembly.Location, ["ceiling", "--postgres", servers.ConnectionString]);
        var ours = new Uri(servers.Api, "/graphql");
        foreach (QueryCase query in QueryCase.All.Where(query => options.Asks("market") || options.Asks(query.Name)))
            await RunAsync(query, new Uri(address, query.Path), ceilingId, ours, servers.ApiProcessId, options);
    }

    private static async Task RunAsync(QueryCase query, Uri ceiling, int ceilingId, Uri ours, int oursId, BenchOptions options)
    {
        int bytes = await CompareAsync(query, ceiling, ours);
        await Wrk.RunAsync(ceiling, query.Body, ceilingId, WarmUpSeconds);
        await Wrk.RunAsync(ours, query.Body, oursId, WarmUpSeconds);

        List<HttpRun> ceilingRuns = [], ourRuns = [];
        for (int round = 1; round <= options.Rounds; round++)
        {
            ceilingRuns.Add(await Wrk.RunAsync(ceiling, query.Body, ceilingId, options.Seconds));
            ourRuns.Add(await Wrk.RunAsync(ours, query.Body, oursId, options.Seconds));
            Report.Progress($"{query.Name}, round {round}: ceiling {ceilingRuns[^1].PerSecond:F0}/s, ours {ourRuns[^1].PerSecond:F0}/s");
        }

        Report.Line($"\n{query.Name}, {query.Title}: {bytes} bytes of JSON, 16 connections, {options.Rounds} rounds of {options.Seconds} s, medians; the goal is {query.Goal:F2}\n");
        Report.Line($"| side | requests/s | server CPU µs/request | p50 ms | p99 ms |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: |");
        Print("ceiling", ceilingRuns);
        Print("ours", ourRuns);
        IEnumerable<double> ratios = ourRuns.Zip(ceilingRuns, (our, top) => our.PerSecond / top.PerSecond);
        Report.Line($"| **ratio**, median of the rounds | **{ratios.Median():F2}** | {ourRuns.Zip(ceilingRuns, (our, top) => our.ServerMicroseconds / top.ServerMicroseconds).Median():F1} | | |");
    }

    private static void Print(string side, List<HttpRun> runs) => Report.Line(
        $"| {side} | {runs.Select(run => run.PerSecond).Median():F0} | {runs.Select(run => run.ServerMicroseconds).Median():F0} | {runs.Select(run => run.P50).Median():F1} | {runs.Select(run => run.P99).Median():F1} |");

    /// <summary>Both answers, byte for byte; returns how many bytes there are.</summary>
    private static async Task<int> CompareAsync(QueryCase query, Uri ceiling, Uri ours)
    {
        using var http = new HttpClient();
        byte[] top = await AskAsync(http, query, ceiling), our = await AskAsync(http, query, ours);
        return top.AsSpan().SequenceEqual(our)
            ? our.Length
            : throw new InvalidOperationException($"The answers differ.\nCeiling: {Encoding.UTF8.GetString(top)}\nOurs: {Encoding.UTF8.GetString(our)}");
    }

    private static async Task<byte[]> AskAsync(HttpClient http, QueryCase query, Uri address)
    {
        using var content = new StringContent(query.Body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(address, content);
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
