using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Callers;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Callers;

/// <summary>The point budget of one caller: at one replica, and shared by several replicas through a real Redis.</summary>
public sealed class CallerBudgetTests
{
    private const int PerMinute = 600;

    [Fact]
    public async Task A_single_replica_grants_a_minutes_points_at_once_and_then_as_they_refill()
    {
        var clock = new TestClock();
        var budget = new CallerBudget("somebody", lender: null, clock);

        Assert.Equal(600, await SpendAllAsync(budget, points: 1));
        Assert.Equal(TimeSpan.FromSeconds(2), await budget.BorrowAndSpendAsync(20, PerMinute, default));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(20, await SpendAllAsync(budget, points: 1));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(600, await SpendAllAsync(budget, points: 1));
    }

    [Fact]
    public async Task An_operation_that_costs_a_whole_minute_is_served_to_an_idle_caller()
    {
        var budget = new CallerBudget("somebody", lender: null, new TestClock());

        Assert.Null(await budget.BorrowAndSpendAsync(PerMinute, PerMinute, default));
        Assert.Equal(TimeSpan.FromMinutes(1), await budget.BorrowAndSpendAsync(PerMinute, PerMinute, default));
    }

    [Fact]
    public async Task Two_replicas_share_one_budget()
    {
        using RedisServer redis = await RedisServer.StartAsync();
        await using ReplicaBudget one = await ReplicaBudget.StartAsync(redis), other = await ReplicaBudget.StartAsync(redis);
        long startedAt = TimeProvider.System.GetTimestamp();

        int[] spent = await Task.WhenAll(SpendAllAsync(one.Budget, points: 5), SpendAllAsync(other.Budget, points: 5));

        // On top of it come only the points refilled since the start.
        Assert.InRange(spent.Sum(), PerMinute - 10, PerMinute + (int)(TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds * PerMinute / 60) + 10);
        Assert.All(spent, part => Assert.InRange(part, 1, PerMinute));
        Assert.Contains("test:points:somebody", await redis.CommandAsync("KEYS", "*"), StringComparison.Ordinal);
        Assert.InRange(int.Parse(await redis.CommandAsync("PTTL", "myc:test:points:somebody"), System.Globalization.CultureInfo.InvariantCulture), 1, 60_000);
    }

    [Fact]
    public async Task Without_Redis_each_replica_still_enforces_a_limit()
    {
        using RedisServer redis = await RedisServer.StartAsync();
        await using ReplicaBudget replica = await ReplicaBudget.StartAsync(redis);
        await SpendAllAsync(replica.Budget, points: 5);

        redis.Kill();
        await Eventually.HoldsAsync(() => !replica.Masters.IsAnyConnected, "the loss is noticed", TimeSpan.FromSeconds(20));
        replica.Clock.Advance(TimeSpan.FromSeconds(2));
        int spent = await SpendAllAsync(replica.Budget, points: 5);

        Assert.InRange(spent, PerMinute - 10, PerMinute + 60);
    }

    [Fact]
    public async Task A_request_waits_for_Redis_only_when_its_caller_is_new()
    {
        using RedisServer redis = await RedisServer.StartAsync();
        await using ReplicaBudget replica = await ReplicaBudget.StartAsync(redis);
        int waited = 0;

        for (int request = 0; request < 200; request++)
        {
            if (!replica.Budget.TrySpend(1, PerMinute, out _))
            {
                Assert.Null(await replica.Budget.BorrowAndSpendAsync(1, PerMinute, default));
                waited++;
            }
            await replica.Budget.Borrowing; // Requests arrive less often than Redis responds.
        }

        Assert.Equal(1, waited); // Only the very first request waits.
    }

    private static async Task<int> SpendAllAsync(CallerBudget budget, int points)
    {
        for (int spent = 0; ; spent += points)
        {
            if (!budget.TrySpend(points, PerMinute, out _) && await budget.BorrowAndSpendAsync(points, PerMinute, default) is not null)
                return spent;
        }
    }

    /// <summary>One replica's budget, backed by Redis.</summary>
    private sealed class ReplicaBudget(RedisMasters masters, TestClock clock) : IAsyncDisposable
    {
        public RedisMasters Masters => masters;
        public TestClock Clock => clock;
        public CallerBudget Budget { get; } = new("somebody", new PointLender(masters, new Channels("test"), clock), clock);

        public static async Task<ReplicaBudget> StartAsync(RedisServer redis)
        {
            var masters = new RedisMasters(
                Options.Create(new CoordinationOptions { Masters = redis.Address, CallTimeout = TimeSpan.FromSeconds(4) }), NullLogger<RedisMasters>.Instance);
            await Eventually.HoldsAsync(() => masters.IsAnyConnected, "Redis is connected", TimeSpan.FromSeconds(20));
            return new ReplicaBudget(masters, new TestClock());
        }

        public ValueTask DisposeAsync() => masters.DisposeAsync();
    }
}
