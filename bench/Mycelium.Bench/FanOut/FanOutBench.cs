using Mycelium.Bench.Servers;

namespace Mycelium.Bench.FanOut;

/// <summary>How close does fan-out to thousands of subscribers come to a server that only broadcasts?</summary>
internal static class FanOutBench
{
    private const int TopicCount = 20, EventsPerSecond = 500, EventsPerTransaction = 10;

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        (Uri address, int processId) = await servers.StartAsync(typeof(Broadcaster).Assembly.Location, ["broadcaster"]);
        await using OurPublisher ours = await OurPublisher.StartAsync(servers, TopicCount);
        await using var bare = new BarePublisher(address, processId);
        TimeSpan time = TimeSpan.FromSeconds(options.Seconds);
        int[][] same = [.. Enumerable.Repeat<int[]>([0], TopicCount)];
        int[][] apart = [.. Enumerable.Range(0, TopicCount).Select(topic => new[] { topic })];
        int[][] everything = [.. Enumerable.Repeat(Enumerable.Range(0, TopicCount).ToArray(), TopicCount)];

        Report.Line($"\nFan-out, {options.Rounds} rounds of {options.Seconds} s, medians; time from commit to client in ms\n");
        Report.Line(
            $"| question | side | events/s | messages/s | ratio | CPU µs/message: server + PostgreSQL + Redis + clients | p50 ",
            $"| p99 | memory per idle subscriber, kB |");
        Report.Line($"| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        await AskAsync(
            "one", "one event to 5,000 subscribers in 20 filters, then the next", 5_000, same,
            crowd => crowd.RunAsync(time, [0], window: 1), showsMemory: true);
        await AskAsync(
            "every", "every event to 1,000 subscribers in 20 filters, as fast as possible", 1_000, everything,
            crowd => crowd.RunAsync(time, [.. Enumerable.Range(0, TopicCount)], window: 3 * TopicCount), bareVariations: same);
        await AskAsync(
            "pace", "500 events/s, each to 50 of 1,000 subscribers", 1_000, apart,
            crowd => crowd.RunAsync(time, EventsPerSecond, TopicCount, EventsPerTransaction));
        if (options.Only is null or "fanout" or "fanout-storm")
            await Storm.RunAsync(servers, ours, 5_000, options.Rounds);

        async Task AskAsync(
            string name, string question, int count, int[][] variations, Func<Crowd, Task<FanOutRun>> run,
            int[][]? bareVariations = null, bool showsMemory = false)
        {
            if (options.Only is not (null or "fanout") && options.Only != "fanout-" + name)
                return;
            Report.Progress($"fan-out: {question}");
            using Crowd our = await Crowd.OpenAsync(ours, count, variations);
            await run(our);
            bare.Frame = our.Frame ?? throw new InvalidOperationException("Nothing was published.");
            using Crowd top = await Crowd.OpenAsync(bare, count, bareVariations ?? variations);
            Func<Crowd, Task<FanOutRun>> runBare = bareVariations is null ? run : crowd => crowd.RunAsync(time, new int[TopicCount], window: 3 * TopicCount);
            await runBare(top);
            List<FanOutRun> ourRuns = [], bareRuns = [];
            for (int round = 1; round <= options.Rounds; round++)
            {
                bareRuns.Add(await runBare(top));
                ourRuns.Add(await run(our));
                Report.Progress(
                    $"round {round}: bare {bareRuns[^1].PerSecond:F0}/s p99 {bareRuns[^1].Milliseconds[1]:F0} ms, ours ",
                    $"{ourRuns[^1].PerSecond:F0}/s p99 {ourRuns[^1].Milliseconds[1]:F0} ms, {ourRuns[^1].EventsPerSecond:F0} ",
                    $"events/s");
            }
            double ratio = ourRuns.Zip(bareRuns, (one, other) => one.PerSecond / other.PerSecond).Median();
            Print(question, "bare", bareRuns, showsMemory ? top : null, "");
            Print(question, "ours", ourRuns, showsMemory ? our : null, FormattableString.Invariant($"**{ratio:F2}**"));
        }
    }

    private static void Print(string question, string side, List<FanOutRun> runs, Crowd? idle, string ratio) => Report.Line(
        $"| {question} | {side} | {runs.Select(run => run.EventsPerSecond).Median():F0} | "
            + $"{runs.Select(run => run.PerSecond).Median():F0} | {ratio} | "
            + $"{Spent.Median([.. runs.Select(run => run.Spent)]).ToString("F1")} | "
            + $"{runs.Select(run => run.Milliseconds[0]).Median():F1} | {runs.Select(run => run.Milliseconds[1]).Median():F1} | "
            + $"{idle?.IdleBytes / 1000:F1} |");
}
