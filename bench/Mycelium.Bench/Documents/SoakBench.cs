using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Documents;

/// <summary>
/// Does memory grow with documents that are never seen again? Each request has a document of its own, and the memory of the process is
/// sampled in the meantime.
/// </summary>
internal static class SoakBench
{
    private const int CallerCount = 4;
    /// <summary>The share of samples that is ignored as warm-up: the runtime compiles, and caches and pools fill.</summary>
    private const double WarmUpShare = 1.0 / 4;
    /// <summary>Memory is flat if the last third has at most this many times the memory of the first third after warm-up.</summary>
    private const double FlatRatio = 1.1;
    /// <summary>How many full garbage collections there are in a run, so that garbage is not counted. They are few, so that they are not the load.</summary>
    private const int CollectionCount = 60;
    private const int CollectionSecondsMin = 2;
    private static readonly TimeSpan look = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        string heapFile = Path.GetTempFileName();
        (Uri api, int processId) = await servers.StartReplicaAsync(BenchServers.Shipped, new Dictionary<string, string?>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(SoakBench).Assembly.Location,
            [StartupHook.FileVariable] = heapFile,
            [StartupHook.SecondsVariable] = Math.Max(CollectionSecondsMin, options.SoakSeconds / CollectionCount).ToString(CultureInfo.InvariantCulture),
        });
        using var http = new HttpClient { BaseAddress = api };
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(options.SoakSeconds));
        var all = new Counter();
        TimeSpan? pause = options.SoakPace is { } pace ? TimeSpan.FromSeconds((double)CallerCount / pace) : null;
        Task[] callers = [.. Enumerable.Range(0, CallerCount).Select(_ => CallAsync(http, all, pause, end.Token))];
        List<SoakLook> looks = await LookAsync(processId, heapFile, all, end.Token);
        await Task.WhenAll(callers);
        double processor = ProcessorTime.MicrosecondsOf(processId);
        servers.Stop(processId);
        File.Delete(heapFile);

        SoakLook[] settled = [.. looks[(int)(looks.Count * WarmUpShare)..]];
        Report.Line(
            $"\nSoak: {all.Value} documents, each seen once, in {options.SoakSeconds} s, {all.Late} of them timed out, ",
            $"{processor / all.Value:F0} µs of processor time each; the first {looks.Count - settled.Length} of {looks.Count} ",
            $"samples are warm-up, with {settled[^1].Collections - settled[0].Collections} full collections in the rest\n");
        Report.Line($"| memory | first third MB | last third MB | peak MB | ratio | slope MB/hour | bytes per document |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        bool isFlat = Print("resident set", settled, at => at.Resident) & Print("managed heap, collected", settled, at => at.Heap);
        Report.Line($"\nMedians; {(isFlat ? "flat" : "NOT flat")}: the limit is {FlatRatio}.");
    }

    private static async Task CallAsync(HttpClient http, Counter all, TimeSpan? pause, CancellationToken end)
    {
        using PeriodicTimer? timer = pause is { } period ? new PeriodicTimer(period) : null;
        try
        {
            while (!end.IsCancellationRequested)
            {
                if (timer is not null)
                    await timer.WaitForNextTickAsync(end);
                using var content = new StringContent(SoakDocument.Of(all.Next()), Encoding.UTF8, "application/json");
                using HttpResponseMessage answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content, CancellationToken.None);
                string text = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (text.Contains("\"TIMEOUT\"", StringComparison.Ordinal))
                    all.RunOut(); // On a busy machine. The document was processed nevertheless.
                else if (answer.StatusCode != HttpStatusCode.OK || text.Contains("\"errors\"", StringComparison.Ordinal))
                    throw new InvalidOperationException(text);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is over.
        }
    }

    private static async Task<List<SoakLook>> LookAsync(int processId, string heapFile, Counter all, CancellationToken end)
    {
        var looks = new List<SoakLook>();
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(look);
        try
        {
            for (int minute = 1; await timer.WaitForNextTickAsync(end);)
            {
                if (await SoakLook.AtAsync(processId, heapFile, Stopwatch.GetElapsedTime(start), all.Value, end) is not { } seen)
                    continue; // There was no collection yet.
                looks.Add(seen);
                if (seen.Seconds < minute * 60)
                    continue;
                Report.Line(
                    $"minute {minute++}: {seen.Documents} documents, heap {seen.Heap / SoakLook.Megabyte:F1} MB, resident ",
                    $"{seen.Resident / SoakLook.Megabyte:F1} MB");
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is over.
        }
        return looks;
    }

    private static bool Print(string name, SoakLook[] looks, Func<SoakLook, long> bytes)
    {
        int third = Math.Max(1, looks.Length / 3);
        double first = looks.Take(third).Select(at => (double)bytes(at)).Median(), last = looks.TakeLast(third).Select(at => (double)bytes(at)).Median();
        double slope = SoakLook.Slope(looks, bytes), documentsPerSecond = (looks[^1].Documents - looks[0].Documents) / (looks[^1].Seconds - looks[0].Seconds);
        Report.Line(
            $"| {name} | {first / SoakLook.Megabyte:F1} | {last / SoakLook.Megabyte:F1} | ",
            $"{looks.Max(bytes) / SoakLook.Megabyte:F1} | {last / first:F3} | {slope * 3_600 / SoakLook.Megabyte:F1} | ",
            $"{slope / documentsPerSecond:F0} |");
        return last <= first * FlatRatio;
    }

    private sealed class Counter
    {
        private long value, late;

        public long Value => Volatile.Read(ref value);

        public long Late => Volatile.Read(ref late);

        public void RunOut() => Interlocked.Increment(ref late);

        public long Next() => Interlocked.Increment(ref value);
    }
}
