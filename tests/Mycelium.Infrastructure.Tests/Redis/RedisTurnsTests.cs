using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Turns at nodes while all masters are up.</summary>
public sealed class RedisTurnsTests : IAsyncLifetime
{
    private static readonly NodeId Node = new(574);
    private readonly string key = new Channels("test").NodeLock(Node);
    private RedisServer[] servers = [];
    private RedisRig rig = null!;

    public async Task InitializeAsync()
    {
        servers = await RedisServer.StartAsync(3);
        rig = await RedisRig.StartAsync(servers);
    }

    public async Task DisposeAsync()
    {
        await rig.DisposeAsync();
        foreach (RedisServer server in servers)
            server.Dispose();
    }

    [Fact]
    public async Task A_nodes_turn_is_held_once_while_another_nodes_is_free()
    {
        CoordinationOptions impatient = RedisRig.Patient();
        impatient.AcquireBudget = TimeSpan.FromMilliseconds(100);
        await using RedisRig other = await RedisRig.StartAsync(servers, impatient);

        await using (NodeTurn first = await rig.Turns.AcquireAsync(Node, default))
        {
            Assert.Equal(NodeTurnKind.Taken, first.Kind);
            Assert.Equal(NodeTurnKind.Busy, (await other.Turns.AcquireAsync(Node, default)).Kind);
            await using NodeTurn free = await other.Turns.AcquireAsync(new NodeId(83), default);
            Assert.Equal(NodeTurnKind.Taken, free.Kind);
        }

        await using NodeTurn second = await other.Turns.AcquireAsync(Node, default);
        Assert.Equal(NodeTurnKind.Taken, second.Kind);
        Assert.Equal(TurnMode.Redlock, other.Turns.Mode);
    }

    [Fact]
    public async Task Each_node_of_a_round_is_taken_or_busy_on_its_own_and_all_are_released_together()
    {
        NodeId[] nodes = [new(1), new(2), new(3), new(4)];
        NodeTurn strangers = await rig.Turns.AcquireAsync(nodes[1], default);

        await using (RoundTurns round = await rig.Turns.TryAcquireAsync(nodes[..3], default))
        {
            Assert.Equal([NodeTurnKind.Taken, NodeTurnKind.Busy, NodeTurnKind.Taken], round.Kinds);
            await using RoundTurns overlapping = await rig.Turns.TryAcquireAsync(nodes[2..], default);
            Assert.Equal([NodeTurnKind.Busy, NodeTurnKind.Taken], overlapping.Kinds);
        }

        await using (RoundTurns again = await rig.Turns.TryAcquireAsync(nodes, default))
            Assert.Equal([NodeTurnKind.Taken, NodeTurnKind.Busy, NodeTurnKind.Taken, NodeTurnKind.Taken], again.Kinds);
        await strangers.DisposeAsync();
        await using RoundTurns all = await rig.Turns.TryAcquireAsync(nodes, default);
        Assert.All(all.Kinds, kind => Assert.Equal(NodeTurnKind.Taken, kind));
    }

    [Fact]
    public async Task Of_many_callers_on_two_replicas_one_at_a_time_is_inside()
    {
        await using RedisRig other = await RedisRig.StartAsync(servers);
        int inside = 0, entered = 0, together = 0;

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async caller =>
        {
            await using NodeTurn turn = await (caller % 2 == 0 ? rig : other).Turns.AcquireAsync(Node, default);
            if (turn.Kind != NodeTurnKind.Taken)
                return;
            if (Interlocked.Increment(ref inside) > 1)
                Interlocked.Increment(ref together);
            await Task.Yield();
            Interlocked.Increment(ref entered);
            Interlocked.Decrement(ref inside);
        }));

        Assert.Equal(0, together);
        Assert.InRange(entered, 2, 40);
    }

    [Fact]
    public async Task A_turn_held_by_another_replica_is_busy_once_the_budget_is_spent()
    {
        var clock = new TestClock();
        var options = RedisRig.Patient();
        await using RedisRig waiting = await RedisRig.StartAsync(servers, options, clock);
        await using NodeTurn held = await rig.Turns.AcquireAsync(Node, default);
        Task<NodeTurn> acquiring = waiting.Turns.AcquireAsync(Node, default).AsTask();

        var moved = TimeSpan.Zero;
        await Eventually.HoldsAsync(
            () =>
            {
                if (acquiring.IsCompleted)
                    return true;
                clock.Advance(TimeSpan.FromMilliseconds(10));
                moved += TimeSpan.FromMilliseconds(10);
                return false;
            },
            "the budget is spent");

        Assert.Equal(NodeTurnKind.Busy, (await acquiring).Kind);
        Assert.InRange(moved, options.AcquireBudget - options.RetryDelayMax, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_waiting()
    {
        await using NodeTurn held = await rig.Turns.AcquireAsync(Node, default);
        using var givingUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.Turns.AcquireAsync(Node, givingUp.Token).AsTask());
    }

    [Fact]
    public async Task A_turn_is_a_key_on_every_master_that_expires_and_is_deleted_on_release()
    {
        NodeTurn held = await rig.Turns.AcquireAsync(Node, default);
        foreach (RedisServer server in servers)
            Assert.InRange(int.Parse(await server.CommandAsync("TTL", key), System.Globalization.CultureInfo.InvariantCulture), 1, 30);

        await held.DisposeAsync();

        foreach (RedisServer server in servers)
            Assert.Equal("0", (await server.CommandAsync("EXISTS", key)).Trim());
    }

    [Fact]
    public async Task A_turn_that_another_took_over_is_not_released_by_its_old_holder()
    {
        NodeTurn held = await rig.Turns.AcquireAsync(Node, default);
        foreach (RedisServer server in servers)
            await server.CommandAsync("SET", key, "another's");

        await held.DisposeAsync();

        foreach (RedisServer server in servers)
            Assert.Equal("another's", (await server.CommandAsync("GET", key)).Trim());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task One_or_five_masters_work_as_well(int count)
    {
        RedisServer[] own = await RedisServer.StartAsync(count);
        await using (RedisRig with = await RedisRig.StartAsync(own))
        {
            await using (RoundTurns held = await with.Turns.TryAcquireAsync([Node], default))
            {
                Assert.Equal([NodeTurnKind.Taken], held.Kinds);
                Assert.Equal([NodeTurnKind.Busy], (await with.Turns.TryAcquireAsync([Node], default)).Kinds);
            }
            await using RoundTurns again = await with.Turns.TryAcquireAsync([Node], default);
            Assert.Equal([NodeTurnKind.Taken], again.Kinds);
        }

        foreach (RedisServer server in own)
            server.Dispose();
    }

    [Theory]
    [InlineData("a:1,b:2")]
    [InlineData("")]
    [InlineData("a:1,a:1,b:2")]
    public void Masters_that_cannot_form_an_honest_majority_are_refused(string masters) =>
        Assert.NotNull(new CoordinationOptions { Masters = masters }.Problem());
}
