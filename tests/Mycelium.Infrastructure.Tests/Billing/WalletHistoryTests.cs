using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Billing;

public sealed class WalletHistoryTests
{
    [Fact]
    public async Task Statements_of_random_histories_add_up_and_meet_from_month_to_month()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        NodeId node = await market.PublishAsync(slices: 60);
        AccountId renter = await market.AccountAsync();
        var rentals = new List<Rental>();
        for (double days = 0; days < 200; days += random.NextDouble() * 12)
        {
            await market.PassAsync(TimeSpan.FromDays(days));
            await market.Replica.Get<DepositFunds>().Execute(
                Actor.Command, renter, MicroUsd.From(random.NextInt64(1, 50_000_000)), market.NewKey(), default);
            if (await market.RentAsync(market.Request(renter, node, hours: random.Next(1, 500))) is SlicesRented rented)
                rentals.Add(rented.Rental);
            if (random.Next(3) == 0 && rentals.Count > 0)
                await market.CancelAsync(rentals[random.Next(rentals.Count)]);
            await market.Replica.Get<ExpireRentals>().Execute(default);
        }
        WalletHistory history = market.Replica.Get<WalletHistory>();

        foreach (AccountId account in (AccountId[])[renter, market.Farmer])
        {
            List<WalletEntry> all = await EntriesOfAsync(market, account);
            Assert.NotEmpty(all);
            MicroUsd balance = MicroUsd.Zero;
            int count = 0;
            DateTimeOffset first = all[0].CreatedAt.AddMonths(-2);
            for (int month = 0; month < 14; month++)
            {
                WalletStatement statement = await history.StatementAsync(account, Month(first.AddMonths(month)), default);
                WalletEntry[] own = [.. all.Where(entry => entry.CreatedAt >= statement.From && entry.CreatedAt < statement.To)];

                Assert.True(statement.OpeningBalance == balance, $"seed {seed}");
                Assert.Equal(
                    own.GroupBy(entry => entry.Kind).OrderBy(kind => kind.Key).Select(kind => new WalletStatementLine(kind.Key, kind.Count(), Sum(kind))),
                    statement.Lines);
                Assert.True(
                    statement.OpeningBalance + statement.Lines.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Amount) == statement.ClosingBalance,
                    $"seed {seed}");
                balance = statement.ClosingBalance;
                count += own.Length;
            }
            Assert.Equal((all.Count, await market.BalanceAsync(account)), (count, balance));
        }
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_span_is_half_open_and_read_in_pieces()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        string[] instants = ["2026-11-01 00:00Z", "2026-11-01 00:00Z", "2026-11-30 23:59:59.999999Z", "2026-12-01 00:00Z"];
        foreach (string instant in instants)
        {
            await BeAtAsync(market, instant);
            await market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.From(7), market.NewKey(), default);
        }
        WalletHistory history = market.Replica.Get<WalletHistory>();

        WalletSpan november = await history.SpanAsync(account, At("2026-11-01 00:00Z"), At("2026-12-01 00:00Z"), default);
        List<WalletEntry> two = await history.EntriesAsync(november, 2, default), rest = await history.EntriesAsync(november.After(2), 2, default);

        Assert.Equal(3, november.Count);
        Assert.Equal([1L, 2L, 3L], two.Concat(rest).Select(entry => entry.Sequence));
        Assert.Equal(1, (await history.SpanAsync(account, At("2026-11-30 23:59:59.999999Z"), At("2026-12-01 00:00Z"), default)).Count);
        Assert.Equal(0, (await history.SpanAsync(account, At("2026-12-01 00:00:00.000001Z"), At("2027-12-01 00:00Z"), default)).Count);
        Assert.Equal(0, (await history.SpanAsync(await market.AccountAsync(), At("2026-11-01 00:00Z"), At("2027-12-01 00:00Z"), default)).Count);
    }

    [Fact]
    public async Task A_clock_that_went_back_puts_no_entry_into_two_months_or_none()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        foreach (string instant in (string[])["2026-11-20 00:00Z", "2026-12-02 00:00Z", "2026-11-28 00:00Z", "2026-12-03 00:00Z", "2026-10-01 00:00Z"])
        {
            await BeAtAsync(market, instant);
            await market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.From(1), market.NewKey(), default);
        }

        MicroUsd balance = MicroUsd.Zero;
        foreach (string month in (string[])["2026-09", "2026-10", "2026-11", "2026-12", "2027-01"])
        {
            WalletStatement statement = await market.Replica.Get<WalletHistory>().StatementAsync(account, Month(At($"{month}-01 00:00Z")), default);
            Assert.Equal(balance, statement.OpeningBalance);
            balance = statement.ClosingBalance;
        }
        Assert.Equal(MicroUsd.From(5), balance);
    }

    [Fact]
    public async Task Each_movement_is_one_event_of_its_owner_and_says_what_it_was()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental rental = await market.RentedAsync(market.Request(renter, await market.PublishAsync(), hours: 100));
        await market.PassAsync(TimeSpan.FromHours(50));
        await market.CancelAsync(rental);

        List<WalletEntry> events = await market.RowsAsync(
            "SELECT state FROM events WHERE kind = 'WALLET' AND reason = 'WalletChanged' ORDER BY id", row => RowJson.Read<WalletEntry>(row.GetString(0)));
        List<WalletEntry> entries = [.. await EntriesOfAsync(market, renter), .. await EntriesOfAsync(market, market.Farmer)];

        Assert.Equivalent(entries, events);
        Assert.Equal(4, events.Count);
        string[] messages = [.. entries.Select(entry => entry.Message)];
        Assert.Equal("10.000000 USD was deposited.", messages[0]);
        Assert.Equal($"{rental.Paid} USD was paid for a rental.", messages[1]);
        Assert.EndsWith(" USD came back from a rental.", messages[2], StringComparison.Ordinal);
        Assert.EndsWith(" USD was earned by a rental.", messages[3], StringComparison.Ordinal);
        Assert.Equal([null, rental.Id, rental.Id, rental.Id], entries.Select(entry => entry.RentalId));
    }

    [Fact]
    public async Task An_outlook_is_of_what_runs_and_of_nothing_that_is_over()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(price: 10_000);
        AccountId renter = await market.AccountAsync("10"), other = await market.AccountAsync("1");
        Rental running = await market.RentedAsync(market.Request(renter, node, quantity: 2, hours: 50));
        await market.RentedAsync(market.Request(renter, node, hours: 5));
        await market.CancelAsync(await market.RentedAsync(market.Request(renter, node, hours: 50)));
        await market.RentedAsync(market.Request(other, node, hours: 50));
        await market.PassAsync(TimeSpan.FromHours(6));

        IReadOnlyDictionary<AccountId, WalletOutlook> outlooks = await market.Replica.Get<WalletReader>().OutlooksAsync([renter, market.Farmer], default);

        Assert.Equal(2, outlooks.Count);
        Assert.Equal(new RunningRental(running.PricePerHour, running.Discount, running.EndsAt), Assert.Single(outlooks[renter].Running));
        Assert.Equal(MicroUsd.From(20_000 * 24), outlooks[renter].BurnPerDay);
        Assert.Equal(running.EndsAt.AddHours(100), outlooks[renter].RunsOutAt(MicroUsd.Parse("2")));
        Assert.Equal(MicroUsd.Zero, outlooks[renter].Committed);
        Assert.Empty(outlooks[market.Farmer].Running);
    }

    private static async Task<List<WalletEntry>> EntriesOfAsync(TestMarket market, AccountId account)
    {
        await using MyceliumDb db = market.Replica.Read();
        return await db.WalletEntries.Where(entry => entry.AccountId == account).OrderBy(entry => entry.Sequence).ToListAsync();
    }

    private static MicroUsd Sum(IEnumerable<WalletEntry> entries) => entries.Aggregate(MicroUsd.Zero, (sum, entry) => sum + entry.Amount);

    private static StatementMonth Month(DateTimeOffset at) =>
        StatementMonth.TryParse(at.ToUniversalTime().ToString("yyyy-MM", CultureInfo.InvariantCulture), out StatementMonth month)
            ? month
            : throw new InvalidOperationException("No month.");

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private static Task<int> BeAtAsync(TestMarket market, string instant) => market.SqlAsync(
        $"CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT timestamptz ''{instant}'''");
}
