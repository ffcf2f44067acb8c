using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Rentals;

/// <summary>How much of PostgreSQL's throughput is left with HTTP, GraphQL, locks, ledger, idempotency and events?</summary>
internal static class RentBench
{
    private const int WarmUpSeconds = 3;
    private const int WarmUpRunsMax = 12;
    private const double WarmUpAgreement = 0.1;
    private const int AccountCount = 128;
    private static readonly int[] callerCounts = [1, 16, 64];

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        using BareSql bare = await BareSql.CreateAsync(servers.ScratchConnectionString);
        Shelf shelf = await Shelf.StockAsync(servers.ConnectionString);
        await using var callers = new RentCallers(servers, await Renters.CreateAsync(servers, AccountCount));
        Case[] cases = [.. Cases("one hot node", 1, shelf.HotAsync), .. Cases("1,000 nodes", Shelf.SpreadCount, shelf.SpreadAsync)];
        await WarmUpAsync(callers, shelf);

        for (int round = 1; round <= options.Rounds; round++)
        {
            foreach (Case one in cases)
            {
                RentRun sql = await Spent.MeasureAsync(servers, () => bare.RunAsync(one.Nodes, one.Callers, options.Seconds));
                ShelfLoad load = await one.Load();
                RentRun ours = await Spent.MeasureAsync(servers, () => callers.RunAsync(load, one.Callers, options.Seconds));
                one.Bare.Add(sql);
                one.Ours.Add(ours);
                Report.Progress(
                    $"rent, round {round}: {one.Where}, {one.Callers} callers: bare {sql.PerSecond:F0}/s, ours ",
                    $"{ours.PerSecond:F0}/s, processor µs each: {sql.Spent} and {ours.Spent}");
            }
        }

        Report.Line(
            $"\nRentals per second, {options.Rounds} rounds of {options.Seconds} s, medians; p50 / p99 in ms; processor time ",
            $"per rental in µs: API + PostgreSQL + Redis + load generator\n");
        Report.Line($"| where | callers | bare SQL | p50 / p99 | processor | ours | p50 / p99 | processor | ratio |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (Case one in cases)
            Print(one);
    }

    /// <summary>The runtime recompiles hot code. Until two runs agree, the compiler dominates the measurement.</summary>
    private static async Task WarmUpAsync(RentCallers callers, Shelf shelf)
    {
        double before = 0;
        for (int run = 1; run <= WarmUpRunsMax; run++)
        {
            await callers.RunAsync(await shelf.HotAsync(), count: 64, WarmUpSeconds);
            double now = (await callers.RunAsync(await shelf.SpreadAsync(), count: 16, WarmUpSeconds)).PerSecond;
            Report.Progress($"rent, warming up: {now:F0}/s");
            if (run > 2 && Math.Abs(now - before) <= WarmUpAgreement * before)
                return;
            before = now;
        }
    }

    private static IEnumerable<Case> Cases(string where, int nodes, Func<Task<ShelfLoad>> load) =>
        callerCounts.Select(callers => new Case(where, nodes, callers, load));

    private static void Print(Case one)
    {
        RentRun bare = RentRun.Median(one.Bare), ours = RentRun.Median(one.Ours);
        double ratio = one.Ours.Zip(one.Bare, (our, sql) => our.PerSecond / sql.PerSecond).Median();
        Report.Line(
            $"| {one.Where} | {one.Callers} | {bare.PerSecond:F0} | {bare.P50:F1} / {bare.P99:F1} | {bare.Spent} | ",
            $"{ours.PerSecond:F0} | {ours.P50:F1} / {ours.P99:F1} | {ours.Spent} | **{ratio:F2}** |");
    }

    private sealed record Case(string Where, int Nodes, int Callers, Func<Task<ShelfLoad>> Load)
    {
        public List<RentRun> Bare { get; } = [];
        public List<RentRun> Ours { get; } = [];
    }
}
