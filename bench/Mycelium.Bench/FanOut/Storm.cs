using System.Diagnostics;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.FanOut;

/// <summary>Thousands of open sockets subscribe at the same instant, each starting with a snapshot. How long does it take until all have it?</summary>
internal static class Storm
{
    private const int FilterCount = 20, NodesPerFilter = 50, OpenAtOnce = 50;
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90);

    public static async Task RunAsync(BenchServers servers, OurPublisher ours, int count, int rounds)
    {
        Report.Progress($"fan-out: storm");
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(servers.ConnectionString);
        long[] nodes = await database.ScalarAsync<long[]>(
            "SELECT array_agg(id) FROM (SELECT id FROM nodes WHERE is_published AND slice_capacity > 0 ORDER BY id LIMIT "
                + $"{FilterCount * NodesPerFilter}) AS wanted");
        List<double[]> all = [];
        List<Spent> spent = [];
        for (int round = 0; round <= rounds; round++)
        {
            (double[] milliseconds, Spent each) = await RoundAsync(servers.Api, ours, count, nodes);
            Report.Progress($"round {round}: the last after {milliseconds[2]:F0} ms, CPU µs per snapshot {each}");
            if (round == 0)
                continue; // This round is for warm-up.
            all.Add(milliseconds);
            spent.Add(each);
        }
        Report.Line(
            $"\n{count} subscribers in {FilterCount} filters begin at once with a snapshot of {NodesPerFilter} combinations: ",
            $"median after {all.Select(one => one[0]).Median():F0} ms, p99 {all.Select(one => one[1]).Median():F0}, the last ",
            $"{all.Select(one => one[2]).Median():F0}; CPU µs per subscriber, API + PostgreSQL + Redis + clients: ",
            $"{Spent.Median(spent)}");
    }

    private static async Task<(double[] Milliseconds, Spent Each)> RoundAsync(Uri api, OurPublisher ours, int count, long[] nodes)
    {
        var listeners = new Listener[count];
        try
        {
            await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = OpenAtOnce },
                async (i, _) => listeners[i] = await Listener.OpenAsync(new Uri(api, "/graphql"), isOurs: true, keepsFirst: false));
            await Task.Delay(TimeSpan.FromSeconds(1));
            string[] messages =
            [
                .. Enumerable.Range(0, count).Select(i => OurPublisher.Subscribe(null, nodes.Skip(i % FilterCount * NodesPerFilter).Take(NodesPerFilter))),
            ];
            Spent before = ours.Spent;
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                listeners[i].Subscribe(messages[i]);
            foreach (Listener listener in listeners)
            {
                while (listener.Count == 0)
                {
                    if (Stopwatch.GetElapsedTime(start) > patience)
                        throw new InvalidOperationException($"{listeners.Count(one => one.Count == 0)} of {count} have no snapshot after {patience}.");
                    await Task.Delay(TimeSpan.FromMilliseconds(5));
                }
            }
            double[] sorted = [.. listeners.Select(listener => Stopwatch.GetElapsedTime(start, listener.Arrivals[0]).TotalMilliseconds).Order()];
            return ([sorted.Percentile(0.5), sorted.Percentile(0.99), sorted[^1]], ours.Spent.Since(before, count));
        }
        finally
        {
            foreach (Listener listener in listeners)
                listener?.Dispose();
        }
    }
}
