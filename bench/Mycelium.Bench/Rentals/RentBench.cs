using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Rentals;

/// <summary>What do HTTP, GraphQL, locks, ledger, idempotency and events leave of what PostgreSQL can rent?</summary>
internal static class RentBench
{
    private const int WarmUpSeconds = 3;
    private static readonly int[] callerCounts = [1, 16, 64];

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        using BareSql bare = await BareSql.CreateAsync(servers.ScratchConnectionString);
        Shelf shelf = await Shelf.StockAsync(servers.ConnectionString);
        using var callers = new RentCallers(servers.Api, await Renters.CreateAsync(servers, callerCounts.Max()));
        Case[] cases = [.. Cases("one hot node", 1, shelf.NextHot), .. Cases("1,000 nodes", Shelf.SpreadCount, shelf.NextSpread)];
        await callers.RunAsync(shelf.NextSpread, count: 16, WarmUpSeconds);
        await callers.RunAsync(shelf.NextHot, count: 16, WarmUpSeconds);

        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Case one in cases)
            {
                one.Bare.Add(await bare.RunAsync(one.Nodes, one.Callers, options.Seconds));
                double before = ProcessorTime.MicrosecondsOf(servers.ApiProcessId);
                RentRun ours = await callers.RunAsync(one.Next, one.Callers, options.Seconds);
                one.ServerMicroseconds.Add((ProcessorTime.MicrosecondsOf(servers.ApiProcessId) - before) / (ours.PerSecond * options.Seconds));
                one.Ours.Add(ours);
                Report.Progress($"rent, round {round}: {one.Where}, {one.Callers} callers: bare {one.Bare[^1].PerSecond:F0}/s, ours {ours.PerSecond:F0}/s");
            }
        }

        Report.Line($"\nRentals a second, {options.Rounds} rounds of {options.Seconds} s, medians; p50 / p99 in ms\n");
        Report.Line($"| where | callers | bare SQL | p50 / p99 | ours | p50 / p99 | API CPU µs/rental | ratio |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (Case one in cases)
            Print(one);
    }

    private static IEnumerable<Case> Cases(string where, int nodes, Func<long> next) => callerCounts.Select(callers => new Case(where, nodes, callers, next));

    private static void Print(Case one)
    {
        RentRun bare = RentRun.Median(one.Bare), ours = RentRun.Median(one.Ours);
        double ratio = one.Ours.Zip(one.Bare, (our, sql) => our.PerSecond / sql.PerSecond).Median();
        Report.Line($"| {one.Where} | {one.Callers} | {bare.PerSecond:F0} | {bare.P50:F1} / {bare.P99:F1} | {ours.PerSecond:F0} | {ours.P50:F1} / {ours.P99:F1} | {one.ServerMicroseconds.Median():F0} | **{ratio:F2}** |");
    }

    private sealed record Case(string Where, int Nodes, int Callers, Func<long> Next)
    {
        public List<RentRun> Bare { get; } = [];
        public List<RentRun> Ours { get; } = [];
        public List<double> ServerMicroseconds { get; } = [];
    }
}
