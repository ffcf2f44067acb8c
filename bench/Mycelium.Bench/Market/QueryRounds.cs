using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>Runs one query on all sides: compares the responses, warms up every side, and then measures all in turns and prints the results.</summary>
internal static class QueryRounds
{
    private const int WarmUpSeconds = 3;

    /// <param name="sides">Ours is the last.</param>
    public static async Task RunAsync(QueryCase query, IReadOnlyList<Side> sides, BenchServers servers, BenchOptions options)
    {
        int bytes = await Answers.CompareAsync(query, sides);
        foreach (Side side in sides)
            await MeasureAsync(query, side, servers, WarmUpSeconds);
        List<HttpRun>[] runs = [.. sides.Select(_ => new List<HttpRun>())];
        for (int round = 1; round <= options.Rounds; round++)
        {
            for (int i = 0; i < sides.Count; i++)
                runs[i].Add(await MeasureAsync(query, sides[i], servers, options.Seconds));
            Report.Progress(
                $"{query.Name}, round {round}: ",
                $"{string.Join(", ", sides.Zip(runs, (side, all) => FormattableString.Invariant($"{side.Name} {all[^1].PerSecond:F0}/s")))}");
        }
        Print(query, sides, runs, bytes, options);
    }

    private static Task<HttpRun> MeasureAsync(QueryCase query, Side side, BenchServers servers, int seconds) =>
        Wrk.RunAsync(side.Address(query), side.Body(query), () => Spent.Of(servers, side.ProcessId), seconds);

    private static void Print(QueryCase query, IReadOnlyList<Side> sides, List<HttpRun>[] runs, int bytes, BenchOptions options)
    {
        Report.Line(
            $"\n{query.Name}, {query.Title}: {bytes} bytes of JSON, 16 connections, {options.Rounds} rounds of ",
            $"{options.Seconds} s, medians; the goal is {query.Goal:F2} of by hand\n");
        Report.Line($"| side | requests/s | processor µs per request: server + PostgreSQL + wrk | p50 ms | p99 ms | ratio: ours to it |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: |");
        for (int i = 0; i < sides.Count; i++)
        {
            var spent = Spent.Median([.. runs[i].Select(run => run.Spent)]);
            Report.Line(
                $"| {sides[i].Name} | {runs[i].Select(run => run.PerSecond).Median():F0} | {spent.Api:F0} + {spent.Postgres:F0} ",
                $"+ {spent.Callers:F0} | {runs[i].Select(run => run.P50).Median():F1} | ",
                $"{runs[i].Select(run => run.P99).Median():F1} | **{Ratio(runs, i):F2}** |");
        }
        if (Enumerable.Range(0, sides.Count).Where(i => sides[i].IsPeer).OrderBy(i => Ratio(runs, i)).ToList() is [int best, ..])
            Report.Line(
                $"\nThe best peer is {sides[best].Name}: ours serves **{Ratio(runs, best):F2}** times as many requests; the ",
                $"goal is {query.PeerGoal:F1}.");
    }

    /// <summary>The ratio of ours to this side: the median over the rounds.</summary>
    private static double Ratio(List<HttpRun>[] runs, int side) => runs[^1].Zip(runs[side], (our, other) => our.PerSecond / other.PerSecond).Median();
}
