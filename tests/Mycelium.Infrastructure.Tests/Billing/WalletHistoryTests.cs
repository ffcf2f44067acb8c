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
using Npgsql;

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
            await market.Replica.Get<PostEarnings>().Execute(default);
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
        await market.PassAsync(TimeSpan.FromDays(40));
        await market.Replica.Get<PostEarnings>().Execute(default);

        List<WalletEntry> events = await market.RowsAsync(
            "SELECT state FROM events WHERE kind = 'WALLET' AND reason = 'WalletChanged' ORDER BY id", row => RowJson.Read<WalletEntry>(row.GetString(0)));
        List<WalletEntry> entries = [.. await EntriesOfAsync(market, renter), .. await EntriesOfAsync(market, market.Farmer)];

        Assert.Equivalent(entries, events);
        Assert.Equal(4, events.Count);
        string[] messages = [.. entries.Select(entry => entry.Message)];
        Assert.Equal("10.000000 USD was deposited.", messages[0]);
        Assert.Equal($"{rental.Paid} USD was paid for a rental.", messages[1]);
        Assert.EndsWith(" USD came back from a rental.", messages[2], StringComparison.Ordinal);
        Assert.EndsWith(" USD was earned in a month that is over.", messages[3], StringComparison.Ordinal);
        Assert.Equal([null, rental.Id, rental.Id, null], entries.Select(entry => entry.RentalId));
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

    /// <summary>The latest page of a long wallet is read from its end, and a month is found without reading the others.</summary>
    [Fact]
    public async Task A_page_of_a_long_wallet_reads_as_many_entries_as_it_has()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        await market.MoveTimeAsync(
            """
            WITH entries AS (
                INSERT INTO ledger_entries (id, kind, created_at)
                SELECT md5(number::text)::uuid, 'Deposit', timestamptz '2026-01-01 00:00Z' + number * interval '1 hour' FROM generate_series(1, 8000) AS number)
            INSERT INTO ledger_postings (entry_id, account_id, amount, sequence, balance_after)
            SELECT md5(number::text)::uuid, $1, 1, number, number FROM generate_series(1, 8000) AS number
            """,
            account.Value);
        await market.SqlAsync("ANALYZE ledger_entries; ANALYZE ledger_postings");

        long page = await ReadRowsAsync($"SELECT * FROM wallet_entries WHERE account_id = '{account}' ORDER BY sequence DESC LIMIT 21");
        long found = await ReadRowsAsync($"SELECT wallet_sequence_at('{account}', '2026-06-01 00:00Z')");
        WalletStatement june = await market.Replica.Get<WalletHistory>().StatementAsync(account, Month(At("2026-06-01 00:00Z")), default);

        Assert.InRange(page, 21, 100);
        Assert.InRange(found, 1, 60); // 13 halvings, two tables each, counted at index and table.
        Assert.Equal((720, june.OpeningBalance.Value + 720), (Assert.Single(june.Lines).Count, june.ClosingBalance.Value));

        async Task<long> ReadRowsAsync(string query)
        {
            await using var connection = new NpgsqlConnection(market.ConnectionString + ";Pooling=false"); // A session counts what it did before, too.
            await connection.OpenAsync();
            await using NpgsqlBatch batch = connection.Send("BEGIN").Then(query).Then(
                """
                SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint FROM pg_stat_xact_user_tables WHERE relname LIKE 'ledger%'
                """);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            return reader.GetInt64(0);
        }
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
