using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Mycelium.Bench.Market;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Documents;

/// <summary>Does memory grow with documents that are never seen again? Each request has one of its own, and the process's memory is looked at while they come.</summary>
internal static class SoakBench
{
    private const int CallerCount = 4;
    /// <summary>The part of the samples that is left out: the runtime compiles, caches and pools fill.</summary>
    private const double WarmUpShare = 1.0 / 3;
    private static readonly TimeSpan look = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(BenchServers servers, int seconds)
    {
        string heapFile = Path.GetTempFileName();
        (Uri api, int processId) = await servers.StartReplicaAsync(BenchServers.Shipped, new Dictionary<string, string?>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(SoakBench).Assembly.Location,
            [StartupHook.FileVariable] = heapFile,
        });
        using var http = new HttpClient { BaseAddress = api };
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var all = new Counter();
        Task[] callers = [.. Enumerable.Range(0, CallerCount).Select(_ => CallAsync(http, all, end.Token))];
        List<Sample> samples = await SampleAsync(processId, heapFile, end.Token);
        await Task.WhenAll(callers);
        servers.Stop(processId);
        File.Delete(heapFile);

        List<Sample> settled = samples[(int)(samples.Count * WarmUpShare)..];
        Report.Line($"\nSoak: {all.Value} documents, each seen once, in {seconds} s; the first {samples.Count - settled.Count} of {samples.Count} looks are warm-up\n");
        Report.Line($"| memory | after warm-up MB | at the end MB | most MB | slope MB/minute | bytes a document |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: |");
        double perSecond = all.Value / (double)seconds;
        Print("resident set", [.. settled.Select(sample => (sample.Seconds, sample.Resident))], perSecond);
        Print("managed heap, collected", [.. settled.Select(sample => (sample.Seconds, sample.Heap))], perSecond);
        Report.Line($"\nWhole collections in that time: {samples[^1].Collections - settled[0].Collections}.");
    }

    private static async Task CallAsync(HttpClient http, Counter all, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            // Another operation name: another text, and so another document to parse, validate and plan.
            string body = QueryCase.All[0].Body.Replace("query Market", string.Create(CultureInfo.InvariantCulture, $"query Market{all.Next()}"), StringComparison.Ordinal);
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content, CancellationToken.None);
            if (answer.StatusCode != HttpStatusCode.OK)
                throw new InvalidOperationException(await answer.Content.ReadAsStringAsync(CancellationToken.None));
        }
    }

    private static async Task<List<Sample>> SampleAsync(int processId, string heapFile, CancellationToken end)
    {
        var samples = new List<Sample>();
        long start = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(look);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                if (await File.ReadAllTextAsync(heapFile, end) is not { Length: > 0 } heap)
                    continue; // Not written for the first time yet.
                string[] values = heap.Split(' ');
                samples.Add(new(Stopwatch.GetElapsedTime(start).TotalSeconds, ResidentBytes(processId),
                    long.Parse(values[0], CultureInfo.InvariantCulture), long.Parse(values[1], CultureInfo.InvariantCulture)));
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The time is over.
        }
        return samples;
    }

    private static long ResidentBytes(int processId)
    {
        const string Name = "VmRSS:";
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).Single(line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Name.Length, line.Length - Name.Length - "kB".Length), CultureInfo.InvariantCulture);
    }

    private static void Print(string name, (double Seconds, long Bytes)[] samples, double documentsPerSecond)
    {
        const double Megabyte = 1e6;
        double slope = Slope(samples);
        Report.Line($"| {name} | {samples[0].Bytes / Megabyte:F1} | {samples[^1].Bytes / Megabyte:F1} | {samples.Max(sample => sample.Bytes) / Megabyte:F1} | {slope * 60 / Megabyte:F2} | {slope / documentsPerSecond:F0} |");
    }

    /// <summary>Bytes a second of the straight line that lies nearest to the samples, by least squares.</summary>
    private static double Slope((double Seconds, long Bytes)[] samples)
    {
        double time = samples.Average(sample => sample.Seconds), bytes = samples.Average(sample => sample.Bytes);
        return samples.Sum(sample => (sample.Seconds - time) * (sample.Bytes - bytes)) / samples.Sum(sample => (sample.Seconds - time) * (sample.Seconds - time));
    }

    private sealed record Sample(double Seconds, long Resident, long Heap, long Collections);

    private sealed class Counter
    {
        private long value;

        public long Value => Volatile.Read(ref value);

        public long Next() => Interlocked.Increment(ref value);
    }
}
