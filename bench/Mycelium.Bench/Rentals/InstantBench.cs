using System.Diagnostics;
using Mycelium.Bench.Servers;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Testing;

namespace Mycelium.Bench.Rentals;

/// <summary>10,000 rentals end at one instant, or are billed for one hour. How long does that take, and is every bill exact?</summary>
internal static class InstantBench
{
    private const int Rentals = InstantMarket.NodeCount * InstantMarket.SlicesPerNode;
    private const long PricePerHour = 15_001;

    public static async Task RunAsync(BenchOptions options)
    {
        await using PostgresServer postgres = await PostgresServer.StartAsync(durable: true, sharedBuffers: "512MB");
        PlainBooks plain = await PlainBooks.CreateAsync(await postgres.CreateDatabaseAsync());
        List<double> ends = [], plainEnds = [], hours = [], plainHours = [];
        double statements;
        var half = new DateTimeOffset(2026, 12, 1, 10, 30, 0, TimeSpan.Zero);

        await using (InstantMarket market = await InstantMarket.OpenAsync(await postgres.CreateDatabaseAsync(), half))
        {
            for (int round = 0; round < options.Rounds; round++)
            {
                DateTimeOffset start = half.AddHours(24 * round);
                await market.StopClockAsync(start);
                await market.RentAllAsync(RentalBilling.Prepaid, hours: 24);
                await market.StopClockAsync(start.AddHours(24));
                ends.Add(await TimeAsync(() => EndAllAsync(market)));
                await AssertEndedAsync(market, start.AddHours(24), round + 1);
                plainEnds.Add(await plain.EndAllAsync());
                Report.Progress($"instant, round {round + 1}: ended in {ends[^1]:F1} s, plain {plainEnds[^1]:F2} s");
            }
            await market.CheckAsync();
        }

        await using (InstantMarket market = await InstantMarket.OpenAsync(await postgres.CreateDatabaseAsync(), half))
        {
            await market.RentAllAsync(RentalBilling.Metered, hours: 1);
            for (int round = 0; round < options.Rounds; round++)
            {
                await market.StopClockAsync(half.AddMinutes(30).AddHours(round));
                hours.Add(await TimeAsync(async () => await market.Get<MeterRentals>().Execute(default)));
                await AssertBilledAsync(market, half.AddMinutes(30).AddHours(round + 1), round + 1);
                plainHours.Add(await plain.BillAllAsync());
                Report.Progress($"instant, hour {round + 1}: billed in {hours[^1]:F1} s, plain {plainHours[^1]:F2} s");
            }
            await market.CheckAsync();
            statements = await ReadStatementsAsync(market, options.Rounds);
        }

        Report.Line($"\n{Rentals} rentals of {InstantMarket.RenterCount} accounts at one instant, medians of {options.Rounds}, seconds\n");
        Report.Line("| what | ours | one plain statement | ratio |");
        Report.Line("| --- | ---: | ---: | ---: |");
        Print("all end", ends, plainEnds);
        Print("an hour of all is billed", hours, plainHours);
        Report.Line($"\nA statement of one wallet: {statements:F1} ms, median of {InstantMarket.RenterCount}.");
    }

    private static void Print(string what, List<double> ours, List<double> plain) => Report.Line(
        $"| {what} | {ours.Median():F2} | {plain.Median():F2} | **{ours.Zip(plain, (our, bare) => bare / our).Median():F2}** |");

    private static async Task EndAllAsync(InstantMarket market)
    {
        int total = 0;
        while (total < Rentals)
        {
            int ended = await market.Get<ExpireRentals>().Execute(default);
            total += ended > 0 ? ended : throw new InvalidOperationException($"Only {total} rentals ended.");
        }
    }

    /// <summary>All of them, each once, for exactly what a day costs.</summary>
    private static async Task AssertEndedAsync(InstantMarket market, DateTimeOffset at, int round)
    {
        string found = await market.Database.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', count(*) FILTER (WHERE status = 'Expired'), count(*) FILTER (WHERE ended_at = $1), min(paid), max(paid), min(earned),
                max(refunded), (SELECT count(*) FROM rental_timeline WHERE at = $1 AND reason = 'RentalExpired'))
            FROM rentals WHERE ends_at = $1
            """, at);
        if (found != $"{Rentals} {Rentals} {PricePerHour * 24} {PricePerHour * 24} {PricePerHour * 24} 0 {Rentals}")
            throw new InvalidOperationException($"Round {round} left {found}.");
    }

    /// <summary>Each for half an hour and so many hours, with one entry for each wallet and hour.</summary>
    private static async Task AssertBilledAsync(InstantMarket market, DateTimeOffset until, int hours)
    {
        string found = await market.Database.ScalarAsync<string>(
            """
            SELECT concat_ws(' ', count(*) FILTER (WHERE status = 'Active' AND ends_at = $1), min(paid), max(paid),
                (SELECT count(*) FROM ledger_entries WHERE kind = 'MeteredCharge'))
            FROM rentals
            """, until);
        long paid = PricePerHour / 2 + PricePerHour * hours;
        if (found != $"{Rentals} {paid} {paid} {InstantMarket.RenterCount * hours}")
            throw new InvalidOperationException($"Hour {hours} left {found}.");
    }

    /// <summary>Every wallet's statement of the month has its hours, and adds up.</summary>
    /// <returns>The median of reading one, in milliseconds.</returns>
    private static async Task<double> ReadStatementsAsync(InstantMarket market, int hours)
    {
        List<double> times = [];
        _ = StatementMonth.TryParse("2026-12", out StatementMonth month);
        foreach (AccountId renter in market.Renters)
        {
            WalletStatement? statement = null;
            times.Add(1000 * await TimeAsync(async () => statement = await market.Get<WalletHistory>().StatementAsync(renter, month, default)));
            WalletStatementLine billed = statement!.Lines.Single(line => line.Kind == LedgerEntryKind.MeteredCharge);
            long perHour = PricePerHour * Rentals / InstantMarket.RenterCount;
            if ((billed.Count, billed.Amount.Value) != (hours, -perHour * hours)
                || statement.OpeningBalance.Value + statement.Lines.Sum(line => line.Amount.Value) != statement.ClosingBalance.Value)
                throw new InvalidOperationException($"The statement of {renter} does not add up: {statement}.");
        }
        return times.Median();
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long from = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(from).TotalSeconds;
    }
}
