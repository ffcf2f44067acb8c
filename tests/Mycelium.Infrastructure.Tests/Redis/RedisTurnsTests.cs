using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Turns at nodes, and what becomes of them when Redis goes.</summary>
public sealed class RedisTurnsTests : IAsyncLifetime
{
    private static readonly NodeId Node = new(574);
    private RedisServer[] servers = [];

    public async Task InitializeAsync() => servers = await RedisServer.StartAsync(3);

    public Task DisposeAsync()
    {
        foreach (RedisServer server in servers)
            server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_nodes_turn_is_had_once_while_another_nodes_is_free()
    {
        CoordinationOptions impatient = RedlockRig.Quick();
        impatient.AcquireBudget = TimeSpan.FromMilliseconds(100);
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, impatient);
        RedisTurns turns = Turns(rig);

        await using (NodeTurn first = await turns.AcquireAsync(Node, default))
        {
            Assert.Equal(NodeTurnKind.Taken, first.Kind);
            Assert.Equal(NodeTurnKind.Busy, (await turns.AcquireAsync(Node, default)).Kind);
            await using NodeTurn other = await turns.AcquireAsync(new NodeId(83), default);
            Assert.Equal(NodeTurnKind.Taken, other.Kind);
        }

        await using NodeTurn second = await turns.AcquireAsync(Node, default);
        Assert.Equal(NodeTurnKind.Taken, second.Kind);
        Assert.Equal(TurnMode.Redlock, turns.Mode);
    }

    [Fact]
    public async Task With_Redis_gone_nobody_waits_for_turns_and_with_Redis_back_they_are_taken_again()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        RedisTurns turns = Turns(rig);
        servers[0].Kill();
        servers[1].Kill();

        for (int attempt = 0; attempt < 20; attempt++)
        {
            NodeTurn turn = await turns.AcquireAsync(Node, default).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(NodeTurnKind.Degraded, turn.Kind);
        }
        Assert.Equal(TurnMode.DbOnly, turns.Mode);

        await servers[0].RestartAsync();
        await servers[1].RestartAsync();
        await Eventually.HoldsAsync(() => turns.Mode == TurnMode.Redlock, "the quorum is back", TimeSpan.FromSeconds(15));
        await using NodeTurn again = await turns.AcquireAsync(Node, default);
        Assert.Equal(NodeTurnKind.Taken, again.Kind);
    }

    [Fact]
    public async Task Where_the_settings_say_so_Redis_gone_is_a_refusal()
    {
        CoordinationOptions closed = RedlockRig.Quick();
        closed.OnRedisLoss = RedisLoss.FailClosed;
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, closed);
        RedisTurns turns = Turns(rig);
        foreach (RedisServer server in servers)
            server.Kill();

        Assert.Equal(NodeTurnKind.Busy, (await turns.AcquireAsync(Node, default)).Kind);
    }

    [Fact]
    public async Task A_caller_who_gives_up_stops_waiting()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        RedisTurns turns = Turns(rig);
        await using NodeTurn held = await turns.AcquireAsync(Node, default);
        using var givingUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turns.AcquireAsync(Node, givingUp.Token).AsTask());
    }

    private static RedisTurns Turns(RedlockRig rig) => new(rig.Breaker, rig.Channels, Options.Create(rig.Options), TimeProvider.System, Meters.Factory);
}
