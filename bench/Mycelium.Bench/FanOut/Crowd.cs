using System.Diagnostics;
using System.Globalization;
using Mycelium.Bench.Servers;

namespace Mycelium.Bench.FanOut;

/// <summary>The subscribers of one side in one benchmark.</summary>
internal sealed class Crowd : IDisposable
{
    private const int OpenAtOnce = 50;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private readonly Listener[] listeners;
    private readonly int[][] topicsOf;

    private Crowd(IPublisher publisher, Listener[] listeners, int[][] topicsOf, double idleBytes)
    {
        Publisher = publisher;
        this.listeners = listeners;
        this.topicsOf = topicsOf;
        IdleBytes = idleBytes;
    }

    public IPublisher Publisher { get; }

    /// <summary>How much the server's resident memory has grown per subscriber, before any event was published.</summary>
    public double IdleBytes { get; }

    /// <summary>The first message of the first subscriber.</summary>
    public byte[]? Frame => listeners[0].First;

    /// <summary>Opens all subscriptions. Subscriber i has the topics and the filter of variation i modulo the number of variations.</summary>
    public static async Task<Crowd> OpenAsync(IPublisher publisher, int count, int[][] variations)
    {
        await publisher.BeginAsync();
        double before = await ResidentBytesAsync(publisher.ProcessId);
        var listeners = new Listener[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpenAtOnce }, async (i, _) =>
        {
            (Uri address, string? subscribe) = publisher.Subscription(variations[i % variations.Length], i % variations.Length, i);
            listeners[i] = await Listener.OpenAsync(address, isOurs: subscribe is not null, keepsFirst: i == 0);
            if (subscribe is not null)
                listeners[i].Subscribe(subscribe);
        });
        await Task.Delay(TimeSpan.FromSeconds(3));
        double idle = (await ResidentBytesAsync(publisher.ProcessId) - before) / count;
        return new Crowd(publisher, listeners, [.. Enumerable.Range(0, count).Select(i => variations[i % variations.Length])], idle);
    }

    /// <summary>
    /// Publishes to the topics, which all subscribers receive, until the time is over, at most <paramref name="window"/> messages ahead of
    /// the slowest subscriber.
    /// </summary>
    public async Task<FanOutRun> RunAsync(TimeSpan time, int[] topics, int window)
    {
        Forget();
        var publishedAt = new List<long>();
        Spent before = Publisher.Spent;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            long at = await Publisher.PublishAsync(topics);
            publishedAt.AddRange(Enumerable.Repeat(at, topics.Length));
            await UntilAsync(_ => publishedAt.Count - window + 1);
        }
        await UntilAsync(_ => publishedAt.Count);
        return Done(start, before, _ => publishedAt, publishedAt.Count);
    }

    /// <summary>Publishes to one topic after the other at a fixed rate, several per transaction, no matter how far the subscribers are.</summary>
    public async Task<FanOutRun> RunAsync(TimeSpan time, double perSecond, int topicCount, int atOnce)
    {
        Forget();
        List<long>[] publishedAt = [.. Enumerable.Range(0, topicCount).Select(_ => new List<long>())];
        Spent before = Publisher.Spent;
        long start = Stopwatch.GetTimestamp();
        int published = 0;
        for (; Stopwatch.GetElapsedTime(start) < time; published += atOnce)
        {
            while (Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond < published)
                await Task.Delay(1);
            int[] topics = [.. Enumerable.Range(published, atOnce).Select(topic => topic % topicCount)];
            long at = await Publisher.PublishAsync(topics);
            foreach (int topic in topics)
                publishedAt[topic].Add(at);
        }
        await UntilAsync(index => topicsOf[index].Sum(topic => publishedAt[topic].Count));
        return Done(start, before, index => publishedAt[topicsOf[index][0]], published);
    }

    public void Dispose()
    {
        foreach (Listener listener in listeners)
            listener.Dispose();
    }

    private void Forget()
    {
        foreach (Listener listener in listeners)
            listener.Forget();
    }

    private FanOutRun Done(long start, Spent before, Func<int, List<long>> publishedTo, int published)
    {
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Spent after = Publisher.Spent;
        int messages = listeners.Sum(listener => listener.Count);
        return new FanOutRun(messages / seconds, after.Since(before, messages), Latencies(publishedTo), published / seconds);
    }

    private async Task UntilAsync(Func<int, int> expected)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < listeners.Length; i++)
        {
            // The order in which subscribers finish does not matter, so they are checked one after the other.
            for (int looks = 0; listeners[i].Count < expected(i); looks++)
            {
                if (Stopwatch.GetElapsedTime(start) > patience)
                    throw new InvalidOperationException(
                        $"{Publisher.Name}: subscriber {i} has received {listeners[i].Count} of {expected(i)}; closed: "
                            + $"{listeners[i].Closed}.");
                await (looks < 20 ? Task.Delay(TimeSpan.FromMilliseconds(1)) : Task.Delay(TimeSpan.FromMilliseconds(5)));
            }
        }
    }

    private double[] Latencies(Func<int, List<long>> publishedTo)
    {
        var all = new List<double>();
        for (int i = 0; i < listeners.Length; i++)
        {
            List<long> published = publishedTo(i);
            IReadOnlyList<long> arrivals = listeners[i].Arrivals;
            for (int n = 0; n < Math.Min(arrivals.Count, published.Count); n++)
                all.Add(Math.Max(0, Stopwatch.GetElapsedTime(published[n], arrivals[n]).TotalMilliseconds));
        }
        all.Sort();
        return [all.Percentile(0.5), all.Percentile(0.99), all[^1]];
    }

    private static async Task<double> ResidentBytesAsync(int processId)
    {
        string status = await File.ReadAllTextAsync(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"));
        string line = status.Split('\n').First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}

/// <param name="PerSecond">Messages received per second.</param>
/// <param name="Spent">Processor time per message.</param>
/// <param name="Milliseconds">The time from commit to client: p50, p99 and the longest.</param>
/// <param name="EventsPerSecond">Events published per second.</param>
internal sealed record FanOutRun(double PerSecond, Spent Spent, double[] Milliseconds, double EventsPerSecond);
