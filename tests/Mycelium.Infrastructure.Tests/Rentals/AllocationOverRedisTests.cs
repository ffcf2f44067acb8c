using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Two replicas, three Redis masters, one node: whatever happens to Redis, no slice is sold twice.</summary>
public sealed class AllocationOverRedisTests : IAsyncLifetime
{
    private const int Callers = 200;
    private const int Slices = 50;
    private RedisServer[] masters = [];

    public async Task InitializeAsync() => masters = await RedisServer.StartAsync(3);

    public Task DisposeAsync()
    {
        foreach (RedisServer master in masters)
            master.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Replicas_take_turns_and_sell_every_slice_once()
    {
        await using TestMarket market = await OpenAsync();

        await SellOutAsync(market, () => Task.CompletedTask);

        Assert.Equal(TurnMode.Redlock, market.Replica.Get<INodeTurns>().Mode);
    }

    [Fact]
    public async Task Locks_that_vanish_all_the_time_sell_no_slice_twice()
    {
        await using TestMarket market = await OpenAsync();
        using var over = new CancellationTokenSource();
        int flushes = 0;
        Task flushing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await Task.WhenAll(masters.Select(master => master.CommandAsync("FLUSHALL")));
                flushes++;
            }
        });

        await SellOutAsync(market, () => Task.CompletedTask);
        await over.CancelAsync();
        await flushing;

        Assert.True(flushes > 0, "No lock was ever lost.");
    }

    [Fact]
    public async Task Without_redis_sales_continue()
    {
        await using TestMarket market = await OpenAsync();

        await SellOutAsync(market, () =>
        {
            foreach (RedisServer master in masters)
                master.Kill();
            return Task.CompletedTask;
        });

        await Eventually.HoldsAsync(() => market.Replica.Get<INodeTurns>().Mode == TurnMode.DbOnly, "the masters are left alone");
    }

    [Fact]
    public async Task Masters_that_freeze_in_the_middle_sell_no_slice_twice()
    {
        await using TestMarket market = await OpenAsync("00:00:00.2");

        await SellOutAsync(market, () =>
        {
            foreach (RedisServer master in masters)
                master.Pause();
            return Task.CompletedTask;
        });

        await Eventually.HoldsAsync(() => market.Replicas.All(replica => replica.Get<INodeTurns>().Mode == TurnMode.DbOnly), "the masters are left alone");
        foreach (RedisServer master in masters)
            master.Resume();
    }

    [Fact]
    public async Task Masters_that_restart_empty_in_the_middle_sell_no_slice_twice()
    {
        await using TestMarket market = await OpenAsync();

        await SellOutAsync(market, async () =>
        {
            foreach (RedisServer master in masters)
            {
                master.Kill();
                await master.RestartAsync();
            }
        });
    }

    private static async Task SellOutAsync(TestMarket market, Func<Task> disturb)
    {
        NodeId node = await market.PublishAsync(slices: Slices);
        AccountId[] renters = await market.AccountsAsync(20, "100");
        AllocationDesk[] desks = [.. market.Replicas.Select(replica => replica.Get<AllocationDesk>())];

        Task<IRentSlicesResult>[] calls =
        [
            .. Enumerable.Range(0, Callers).Select(
                caller => Task.Run(() => desks[caller % desks.Length].RentAsync(market.Request(renters[caller % 20], node), default))),
        ];
        Assert.Contains(calls, call => !call.IsCompleted);
        await disturb();
        IRentSlicesResult[] answers = await Task.WhenAll(calls);

        Assert.Equal(Slices, answers.OfType<SlicesRented>().Count());
        Assert.Equal(Callers - Slices, answers.OfType<NotEnoughSlices>().Count());
        await market.CheckAsync();
    }

    /// <param name="callTimeout">By default much longer than that of production, for machines that are busy with other tests.</param>
    private async Task<TestMarket> OpenAsync(string callTimeout = "00:00:04")
    {
        KeyValuePair<string, string?>[] settings =
        [
            new("Coordination:Mode", "Redis"), new("Coordination:Masters", string.Join(',', masters.Select(master => master.Address))),
            new("Coordination:LockTtl", "00:00:05"), new("Allocation:WaitMax", "00:01:00"), new("Coordination:AcquireBudget", "00:00:20"),
            new("Coordination:CallTimeout", callTimeout),
        ];
        TestMarket market = await TestMarket.OpenAsync(settings: settings);
        market.AddReplica(settings: settings);
        foreach (Replica replica in market.Replicas)
            await Eventually.HoldsAsync(() => replica.Get<INodeTurns>().Mode == TurnMode.Redlock, "turns are taken in Redis", TimeSpan.FromSeconds(30));
        return market;
    }
}
