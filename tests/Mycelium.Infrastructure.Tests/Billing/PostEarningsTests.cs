using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace Mycelium.Infrastructure.Tests.Billing;

/// <summary>Farmers are paid as time passes.</summary>
public sealed class PostEarningsTests(ITestOutputHelper output)
{
    private static Task<(int Posted, int Settled)> PostAsync(TestMarket market) => market.Replica.Get<PostEarnings>().Execute(default);

    private static async Task<DateTimeOffset> UntilAsync(TestMarket market) =>
        new(await market.ScalarAsync<DateTime>("SELECT earned_until FROM rentals"));

    /// <summary>So far ahead that it is this long after the given midnight from today.</summary>
    private static async Task PassToAsync(TestMarket market, int days, TimeSpan after)
    {
        TimeSpan toMidnight = await market.ScalarAsync<TimeSpan>("SELECT date_trunc('day', clock_timestamp(), 'UTC') + interval '1 day' - clock_timestamp()");
        await market.PassAsync(toMidnight + TimeSpan.FromDays(days - 1) + after);
    }

    [Fact]
    public async Task Once_a_day_what_was_earned_until_midnight_is_posted_and_never_twice()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Rentals:FeeBasisPoints", "1000")]);
        Replica other = market.AddReplica();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        Rental rental = await market.RentedAsync(market.Request(renter, node, hours: 1_000));

        await PassToAsync(market, 1, TimeSpan.FromMinutes(9));
        Assert.Equal(0, (await PostAsync(market)).Posted); // A quote for cancelling may count from before midnight.
        await PassToAsync(market, 2, TimeSpan.FromMinutes(11));
        (int, int)[] done = await Task.WhenAll(new[] { market.Replica, other }.Select(replica => Task.Run(() => replica.Get<PostEarnings>().Execute(default))));
        Assert.Equal(1, done.Sum(one => one.Item1) + (await PostAsync(market)).Posted);

        DateTimeOffset midnight = await UntilAsync(market);
        MicroUsd earned = rental.EarnedAt(midnight);
        MicroUsd fee = rental.FeeOf(earned);
        Assert.True(earned > MicroUsd.Zero && fee > MicroUsd.Zero);
        Assert.Equal(earned - fee, await market.EarningsAsync(market.Farmer));
        Assert.Equal($"{earned.Value} {fee.Value}", await market.ScalarAsync<string>("SELECT earned || ' ' || fee_earned FROM rentals"));
        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM ledger_entries WHERE kind = 'Earnings'"));
        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT version FROM rentals")); // Nothing that a subscriber would be told.
        await market.CheckAsync();
    }

    [Fact]
    public async Task What_was_posted_and_what_is_settled_at_the_end_add_up_to_what_was_kept()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Rentals:FeeBasisPoints", "333")]);
        NodeId node = await market.PublishAsync(price: 14_999);
        AccountId renter = await market.AccountAsync("500");
        Rental cancelled = await market.RentedAsync(market.Request(renter, node, hours: 999));
        Rental expired = await market.RentedAsync(market.Request(renter, node, hours: 77));

        for (int day = 2; day < 6; day++)
        {
            await PassToAsync(market, day, TimeSpan.FromHours(5));
            await PostAsync(market);
            await market.CheckAsync();
        }
        await market.Replica.Get<ExpireRentals>().Execute(default);
        Assert.IsType<RentalCancelled>(await market.CancelAsync(cancelled));

        Assert.Equal(2L, await market.ScalarAsync<long>(
            "SELECT count(*) FROM rentals WHERE earned = paid - refunded AND fee_earned = floor(earned * 333.0 / 10000)"));
        Assert.Equal(expired.Paid.Value, await market.ScalarAsync<long>($"SELECT earned FROM rentals WHERE id = '{expired.Id}'"));
        await market.CheckAsync();
    }

    [Theory]
    [InlineData("SELECT post_earnings(market_now() - interval '4 minutes', 1)")]
    [InlineData("SELECT settle_earnings(date_trunc('month', market_now() + interval '1 month', 'UTC'), 1)")]
    [InlineData("SELECT settle_earnings(date_trunc('month', market_now(), 'UTC') - interval '1 day', 1)")]
    public async Task Nothing_is_posted_before_its_time_whoever_asks(string sql)
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => market.SqlAsync(sql));

        Assert.Equal("earnings_are_past", refusal.ConstraintName);
    }

    /// <summary>Counting reads all that an account ever earned, and every replica settles every five minutes.</summary>
    [Fact]
    public async Task What_is_to_be_settled_is_counted_once_a_month_and_only_where_something_was_earned()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] renters = await market.AccountsAsync(10, "100");
        await market.RentedAsync(market.Request(renters[0], await market.PublishAsync(), hours: 5_000));
        await market.PassAsync(TimeSpan.FromDays(100));
        await PostAsync(market);
        await market.PassAsync(TimeSpan.FromDays(132));
        await market.SqlAsync("SELECT post_earnings(date_trunc('day', market_now() - interval '10 minutes', 'UTC'), 100)");

        Assert.InRange(await CountedAsync(), 1, 2);
        Assert.Equal(0, await CountedAsync());

        async Task<long> CountedAsync()
        {
            await using var connection = new NpgsqlConnection(market.ConnectionString + ";Pooling=false"); // A session counts what it did before, too.
            await connection.OpenAsync();
            await using NpgsqlBatch batch = connection.Send("BEGIN").Then("SET LOCAL track_functions = 'all'")
                .Then("SELECT settle_earnings(date_trunc('month', market_now(), 'UTC'), 100)")
                .Then("SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_xact_user_functions WHERE funcname = 'settled_by'").Then("COMMIT");
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync();
            await reader.NextResultAsync();
            await reader.ReadAsync();
            return reader.GetInt64(0);
        }
    }

    [Fact]
    public async Task After_months_without_a_pass_everything_is_caught_up_and_settled_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("100"), await market.PublishAsync(), hours: 5_000));
        await market.PassAsync(TimeSpan.FromDays(100));

        (int posted, int settled) = await PostAsync(market);

        Assert.Equal((1, 0), (posted, settled)); // Posted in a month that is not over.
        MicroUsd earned = rental.EarnedAt(await UntilAsync(market));
        Assert.Equal(earned, await market.EarningsAsync(market.Farmer));
        await market.PassAsync(TimeSpan.FromDays(132));
        Assert.Equal(1, (await PostAsync(market)).Settled);
        Assert.Equal((0, 0), await PostAsync(market));
        Assert.InRange((await market.BalanceAsync(market.Farmer)).Value, earned.Value, rental.Paid.Value);
        Assert.Equal(
            rental.EarnedAt(await UntilAsync(market)),
            await market.BalanceAsync(market.Farmer) + await market.EarningsAsync(market.Farmer));
        await market.CheckAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20261130)]
    public async Task The_database_computes_what_the_domain_computes(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Rentals:FeeBasisPoints", "1234")]);
        NodeId node = await market.PublishAsync(slices: 60, price: random.Next(1_000, 999_999));
        AccountId renter = await market.AccountAsync("1000000");
        var rentals = new List<Rental>();
        for (int number = 0; number < 40; number++)
        {
            Rental rental = await market.RentedAsync(market.Request(renter, node, hours: random.Next(1, 2_000)));
            for (int extension = random.Next(3); extension > 0; extension--)
            {
                rental = Assert.IsType<RentalExtended>(await market.Replica.Get<ExtendRental>().Execute(
                    renter, rental.Id, RentalTerm.OfHours(RentalHours.From(random.Next(1, 2_000))), null, market.NewKey(), default)).Rental;
            }
            rentals.Add(rental);
        }
        await market.PassAsync(TimeSpan.FromHours(random.Next(50, 3_000)));

        await PostAsync(market);

        Dictionary<Guid, (long Earned, long Fee, DateTimeOffset Until)> posted = (await market.RowsAsync(
            "SELECT id, earned, fee_earned, earned_until FROM rentals",
            row => (row.GetGuid(0), (row.GetInt64(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3)))))
            .ToDictionary(row => row.Item1, row => row.Item2);
        Assert.All(rentals, rental =>
        {
            (long earned, long fee, DateTimeOffset until) = posted[rental.Id.Value];
            Assert.Equal((rental.EarnedAt(until).Value, rental.FeeOf(rental.EarnedAt(until)).Value), (earned, fee));
        });
        await market.CheckAsync();
    }
}
