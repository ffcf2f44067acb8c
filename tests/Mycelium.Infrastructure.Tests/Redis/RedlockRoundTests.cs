using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Locks of several keys at once.</summary>
public sealed class RedlockRoundTests : IAsyncLifetime
{
    private RedisServer[] servers = [];

    public async Task InitializeAsync() => servers = await RedisServer.StartAsync(3);

    public Task DisposeAsync()
    {
        foreach (RedisServer server in servers)
            server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Each_key_is_had_or_not_by_itself_and_let_go_with_the_others()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, Patient());
        RedlockHold strangers = await rig.AcquireAsync("b");

        await using (RedlockRound round = await rig.Redlock.TryEachAsync(["a", "b", "c"]))
        {
            Assert.Equal([RedlockOutcome.Acquired, RedlockOutcome.Taken, RedlockOutcome.Acquired], round.Outcomes);
            await using RedlockRound other = await rig.Redlock.TryEachAsync(["c", "d"]);
            Assert.Equal([RedlockOutcome.Taken, RedlockOutcome.Acquired], other.Outcomes);
        }

        Assert.True(await strangers.ExtendAsync(), "A lock of another's was let go.");
        await strangers.DisposeAsync();
        await using RedlockRound all = await rig.Redlock.TryEachAsync(["a", "b", "c", "d"]);
        Assert.All(all.Outcomes, outcome => Assert.Equal(RedlockOutcome.Acquired, outcome));
    }

    [Fact]
    public async Task Two_masters_of_three_are_enough_and_one_is_not()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, Patient());
        servers[0].Kill();
        await using (RedlockRound round = await rig.Redlock.TryEachAsync(["a", "b"]))
            Assert.All(round.Outcomes, outcome => Assert.Equal(RedlockOutcome.Acquired, outcome));

        servers[1].Kill();
        await using RedlockRound none = await rig.Redlock.TryEachAsync(["a", "b"]);
        Assert.All(none.Outcomes, outcome => Assert.Equal(RedlockOutcome.NoQuorum, outcome));
    }

    /// <summary>On a machine that is busy with other tests an answer may take long.</summary>
    private static CoordinationOptions Patient() =>
        new() { LockTtl = TimeSpan.FromSeconds(10), ValidityMin = TimeSpan.FromSeconds(1), CallTimeout = TimeSpan.FromSeconds(3) };
}
