using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Turns over masters that die, freeze, forget and fail.</summary>
public sealed class RedisFaultTests : IAsyncLifetime
{
    /// <summary>With its defaults RedLock.net takes up to 13 seconds.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly NodeId Node = new(574);
    private readonly string key = new Channels("test").NodeLock(Node);

    private RedisServer[] servers = [];

    public async Task InitializeAsync() => servers = await RedisServer.StartAsync(3);

    public Task DisposeAsync()
    {
        foreach (RedisServer server in servers)
            server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task One_dead_master_of_three_makes_no_difference()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers);
        servers[1].Kill();

        for (int attempt = 0; attempt < 20; attempt++)
        {
            await using RoundTurns held = await rig.Turns.TryAcquireAsync([Node], default);
            Assert.Equal([NodeTurnKind.Taken], held.Kinds);
            Assert.Equal([NodeTurnKind.Busy], (await rig.Turns.TryAcquireAsync([Node], default)).Kinds);
        }
    }

    [Fact]
    public async Task With_two_masters_of_three_dead_turns_cost_nothing_and_they_are_taken_again_once_the_masters_are_back()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers, RedisRig.Impatient());
        servers[0].Kill();
        servers[1].Kill();

        Assert.Equal(NodeTurnKind.Degraded, (await rig.Turns.AcquireAsync(Node, default).AsTask().WaitAsync(Deadline)).Kind);
        await rig.ModeBecomesAsync(TurnMode.DbOnly);
        await AssertTurnsCostNothingAsync(rig);

        await servers[0].RestartAsync();
        await servers[1].RestartAsync();
        await AssertTurnsAreTakenAgainAsync(rig);
    }

    [Fact]
    public async Task A_frozen_master_of_three_delays_turns_by_no_more_than_its_timeouts()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers, RedisRig.Impatient());
        servers[2].Pause();

        await Eventually.HoldsAsync(
            async () =>
            {
                NodeTurn turn = await rig.Turns.AcquireAsync(Node, default).AsTask().WaitAsync(Deadline);
                await turn.DisposeAsync().AsTask().WaitAsync(Deadline);
                return rig.Masters.Connected.Count() == 2;
            },
            "the connection to the frozen master is dropped");
        await AssertTurnsAreTakenAgainAsync(rig);
        servers[2].Resume();
        await Eventually.HoldsAsync(() => rig.Masters.Connected.Count() == 3, "the master is connected again");
    }

    [Fact]
    public async Task With_every_master_frozen_a_crowd_is_delayed_once_and_turns_are_taken_again_once_they_wake()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers, RedisRig.Impatient());
        foreach (RedisServer server in servers)
            server.Pause();

        NodeTurn[] crowd = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.Turns.AcquireAsync(Node, default).AsTask())).WaitAsync(Deadline);

        Assert.All(crowd, turn => Assert.Equal(NodeTurnKind.Degraded, turn.Kind));
        Assert.Equal(TurnMode.DbOnly, rig.Turns.Mode);
        await AssertTurnsCostNothingAsync(rig);
        foreach (RedisServer server in servers)
            server.Resume();
        await AssertTurnsAreTakenAgainAsync(rig);
    }

    [Fact]
    public async Task What_a_frozen_master_sets_when_it_wakes_is_deleted_long_before_it_expires()
    {
        CoordinationOptions lasting = RedisRig.Impatient();
        lasting.LockTtl = TimeSpan.FromMinutes(5);
        await using RedisRig rig = await RedisRig.StartAsync(servers, lasting);
        foreach (RedisServer server in servers)
            server.Pause();

        Assert.Equal(NodeTurnKind.Degraded, (await rig.Turns.AcquireAsync(Node, default)).Kind);
        foreach (RedisServer server in servers)
            server.Resume();

        foreach (RedisServer server in servers)
        {
            await Eventually.HoldsAsync(async () => (await server.CommandAsync("EXISTS", key)).Trim() == "0", "the key is gone");
            Assert.Contains("cmdstat_set:calls=", await server.CommandAsync("INFO", "commandstats"), StringComparison.Ordinal); // It had been there.
        }
    }

    [Fact]
    public async Task A_master_that_restarted_empty_gives_turns_again_and_the_old_holder_takes_none_away()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers[..1], RedisRig.Impatient());
        NodeTurn old = await rig.Turns.AcquireAsync(Node, default);

        servers[0].Kill();
        await servers[0].RestartAsync();
        NodeTurn next = NodeTurn.Degraded;
        await Eventually.HoldsAsync(async () => (next = await rig.Turns.AcquireAsync(Node, default)).Kind == NodeTurnKind.Taken, "the master gives turns");
        await old.DisposeAsync();

        Assert.Equal("1", (await servers[0].CommandAsync("EXISTS", key)).Trim());
        await next.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_master_delays_a_turn_but_does_not_prevent_it()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers);
        Task sleeping = servers[0].CommandAsync("DEBUG", "SLEEP", "0.3");

        for (int attempt = 0; attempt < 10; attempt++)
        {
            await using NodeTurn turn = await rig.Turns.AcquireAsync(Node, default);
            Assert.Equal(NodeTurnKind.Taken, turn.Kind);
        }
        await sleeping;
        Assert.Equal(TurnMode.Redlock, rig.Turns.Mode);
    }

    [Fact]
    public async Task Masters_that_return_errors_are_not_used_until_they_recover()
    {
        await using RedisRig rig = await RedisRig.StartAsync(servers, RedisRig.Impatient());
        foreach (RedisServer server in servers)
            await server.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.Equal(NodeTurnKind.Degraded, (await rig.Turns.AcquireAsync(Node, default)).Kind);
        await rig.ModeBecomesAsync(TurnMode.DbOnly);

        foreach (RedisServer server in servers)
            await server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await rig.ModeBecomesAsync(TurnMode.Redlock);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_replica_starts_without_Redis_and_uses_it_once_it_comes(bool isFrozen)
    {
        foreach (RedisServer server in servers)
            (isFrozen ? (Action)server.Pause : server.Kill)();
        await using var rig = new RedisRig(servers.Select(server => server.Address), RedisRig.Impatient());
        int hints = 0;
        Task listening = rig.Signal.ListenAsync(_ => Interlocked.Increment(ref hints));

        await listening.WaitAsync(Deadline);
        await AssertTurnsCostNothingAsync(rig);
        Assert.Equal(TurnMode.DbOnly, rig.Turns.Mode);
        foreach (RedisServer server in servers)
        {
            if (isFrozen)
                server.Resume();
            else
                await server.RestartAsync();
        }

        await rig.ModeBecomesAsync(TurnMode.Redlock);
        await Eventually.HoldsAsync(
            () =>
            {
                rig.Signal.Publish(1, 1);
                return Volatile.Read(ref hints) > 0;
            },
            "hints arrive");
    }

    [Fact]
    public async Task A_connection_that_fell_silent_is_replaced()
    {
        using var proxy = new SilencingProxy(servers[0].Port);
        await using RedisRig rig = await RedisRig.StartAsync([proxy.Address], RedisRig.Impatient());
        int hints = 0;
        await rig.Signal.ListenAsync(_ => Interlocked.Increment(ref hints));

        proxy.SilenceConnections();

        await rig.ModeBecomesAsync(TurnMode.DbOnly);
        await rig.ModeBecomesAsync(TurnMode.Redlock);
        await Eventually.HoldsAsync(
            () =>
            {
                rig.Signal.Publish(1, 1);
                return Volatile.Read(ref hints) > 0;
            },
            "hints arrive", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task With_FailClosed_turns_are_refused_while_Redis_is_down()
    {
        CoordinationOptions closed = RedisRig.Impatient();
        (closed.OnRedisLoss, closed.AcquireBudget) = (RedisLoss.FailClosed, TimeSpan.FromMilliseconds(100));
        await using RedisRig rig = await RedisRig.StartAsync(servers, closed);
        foreach (RedisServer server in servers)
            server.Kill();

        Assert.Equal(NodeTurnKind.Busy, (await rig.Turns.AcquireAsync(Node, default)).Kind);
        Assert.Equal([NodeTurnKind.Busy], (await rig.Turns.TryAcquireAsync([Node], default)).Kinds);
    }

    private static Task AssertTurnsAreTakenAgainAsync(RedisRig rig) => Eventually.HoldsAsync(
        async () =>
        {
            await using NodeTurn turn = await rig.Turns.AcquireAsync(Node, default);
            return turn.Kind == NodeTurnKind.Taken;
        },
        "turns are taken again");

    private static async Task AssertTurnsCostNothingAsync(RedisRig rig)
    {
        ValueTask<NodeTurn> turn = rig.Turns.AcquireAsync(Node, default);
        Assert.True(turn.IsCompleted, "A turn waited for Redis.");
        Assert.Equal(NodeTurnKind.Degraded, (await turn).Kind);
    }
}
