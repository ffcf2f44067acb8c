using System.Diagnostics;
using System.Text;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Market;

/// <summary>
/// How long does a replica take from process start to the first response, on an up-to-date database? Compares ahead-of-time compilation, as it ships, with
/// compilation at run time, in turns. Processor time is reported too, because a busy machine affects only the clock.
/// </summary>
internal static class StartBench
{
    private const int GoalMilliseconds = 1_500;

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        (string Name, string Assembly)[] sides = [("as it ships", BenchServers.Published), ("compiled at run time", BenchServers.Built)];
        var all = new List<Start>[] { [], [] };
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                if (File.Exists(sides[side].Assembly))
                    all[side].Add(await MeasureAsync(servers, sides[side].Assembly));
            }
        }

        Report.Line($"\nCold start, {options.Rounds} replicas, medians in ms; the goal is {GoalMilliseconds} to the first response\n");
        Report.Line($"| side | listening | processor time by then | response to {QueryCase.All[0].Name} | processor time by then |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: |");
        for (int side = 0; side < sides.Length; side++)
        {
            if (all[side] is { Count: > 0 } starts)
                Report.Line(
                    $"| {sides[side].Name} | {starts.Select(start => start.Listening).Median():F0} | ",
                    $"{starts.Select(start => start.ListeningWork).Median():F0} | ",
                    $"{starts.Select(start => start.Answered).Median():F0} | ",
                    $"{starts.Select(start => start.AnsweredWork).Median():F0} |");
        }
    }

    private static async Task<Start> MeasureAsync(BenchServers servers, string assembly)
    {
        QueryCase query = QueryCase.All[0];
        long start = Stopwatch.GetTimestamp();
        (Uri api, int processId) = await servers.StartReplicaAsync(assembly);
        double listening = Stopwatch.GetElapsedTime(start).TotalMilliseconds, listeningWork = ProcessorTime.MicrosecondsOf(processId) / 1_000;
        using var http = new HttpClient();
        using var content = new StringContent(query.Body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PostAsync(new Uri(api, "/graphql"), content);
        answer.EnsureSuccessStatusCode();
        var done = new Start(listening, listeningWork, Stopwatch.GetElapsedTime(start).TotalMilliseconds, ProcessorTime.MicrosecondsOf(processId) / 1_000);
        servers.Stop(processId);
        Report.Progress($"start: {done}");
        return done;
    }

    /// <summary>Milliseconds since process start, and of its processor time.</summary>
    private sealed record Start(double Listening, double ListeningWork, double Answered, double AnsweredWork);
}
