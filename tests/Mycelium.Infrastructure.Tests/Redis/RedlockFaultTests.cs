using System.Globalization;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Redlock over masters that die, hang and forget.</summary>
public sealed class RedlockFaultTests : IAsyncLifetime
{
    /// <summary>The client library waits for ever where no bound of ours ends a call.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

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
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        servers[1].Kill();

        for (int round = 0; round < 20; round++)
        {
            await using RedlockHold held = await rig.AcquireAsync("key");
            Assert.Equal(RedlockOutcome.Taken, (await rig.Redlock.TryOnceAsync("key")).Outcome);
        }
    }

    [Fact]
    public async Task Two_dead_masters_of_three_are_noticed_and_asked_no_more()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        servers[0].Kill();
        servers[1].Kill();

        for (int attempt = 0; attempt < 3; attempt++)
        {
            RedlockAttempt refused = await rig.Breaker.AcquireAsync("key", CancellationToken.None).WaitAsync(Deadline);
            Assert.Equal(RedlockOutcome.NoQuorum, refused.Outcome);
        }

        Assert.True(rig.Breaker.IsOpen);
    }

    [Fact]
    public async Task A_hanging_master_holds_nobody_up()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, new CoordinationOptions(), new TestClock());
        servers[2].Pause();

        // The clock stands, and with it the bound of every call: whoever waited for the third would do so for ever.
        for (int round = 0; round < 10; round++)
        {
            RedlockHold held = await rig.AcquireAsync("key").WaitAsync(Deadline);
            await held.DisposeAsync().AsTask().WaitAsync(Deadline);
        }
        servers[2].Resume();
    }

    [Fact]
    public async Task Hanging_masters_all_three_are_left_alone_and_taken_back_when_they_wake()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        foreach (RedisServer server in servers)
            server.Pause();

        for (int attempt = 0; attempt < 3; attempt++)
        {
            RedlockAttempt refused = await rig.Breaker.AcquireAsync("key", CancellationToken.None).WaitAsync(Deadline);
            Assert.Equal(RedlockOutcome.NoQuorum, refused.Outcome);
        }
        Assert.True(rig.Breaker.IsOpen);
        foreach (RedisServer server in servers)
            server.Resume();

        await Eventually.HoldsAsync(() => !rig.Breaker.IsOpen, "the breaker closes");
        await using RedlockHold held = (await rig.Breaker.AcquireAsync("key", CancellationToken.None)).Held!;
        Assert.NotNull(held);
    }

    [Fact]
    public async Task What_a_hanging_master_sets_when_it_wakes_is_swept_long_before_it_expires()
    {
        CoordinationOptions slow = RedlockRig.Quick();
        (slow.LockTtl, slow.ValidityMin) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(3));
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, slow);
        foreach (RedisServer server in servers)
            server.Pause();

        Assert.Equal(RedlockOutcome.NoQuorum, (await rig.Redlock.TryOnceAsync("key")).Outcome);
        foreach (RedisServer server in servers)
            server.Resume();

        foreach (RedisServer server in servers)
        {
            await Eventually.HoldsAsync(async () => (await server.CommandAsync("EXISTS", "key")).Trim() == "0", "the ghost is gone", TimeSpan.FromSeconds(2.5));
            Assert.Contains("cmdstat_set:calls=", await server.CommandAsync("INFO", "commandstats"), StringComparison.Ordinal); // It had been there.
        }
    }

    [Fact]
    public async Task A_key_that_was_left_behind_is_swept_after_half_a_lifetime_and_anothers_is_not()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        await servers[0].CommandAsync("SET", "ours", "token");
        await servers[0].CommandAsync("SET", "theirs", "another");

        rig.Ghosts.Remember(rig.Masters.All[0], "ours", "token"u8.ToArray());
        rig.Ghosts.Remember(rig.Masters.All[0], "theirs", "token"u8.ToArray());

        await Eventually.HoldsAsync(async () => (await servers[0].CommandAsync("EXISTS", "ours")).Trim() == "0", "the ghost is gone");
        Assert.Equal("another", (await servers[0].CommandAsync("GET", "theirs")).Trim());
    }

    [Fact]
    public async Task A_master_that_restarted_empty_gets_no_vote_for_a_locks_lifetime()
    {
        CoordinationOptions slow = RedlockRig.Quick();
        (slow.LockTtl, slow.ValidityMin, slow.CallTimeout) = (TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        await using RedlockRig rig = await RedlockRig.StartAsync([servers[0]], slow);
        RedlockHold held = await rig.AcquireAsync("key");

        servers[0].Kill();
        await servers[0].RestartAsync();

        await Eventually.HoldsAsync(
            async () =>
            {
                bool hadVote = rig.Masters.All[0].HasVote;
                RedlockAttempt attempt = await rig.Redlock.TryOnceAsync("key");
                Assert.True(hadVote || attempt.Held is null || rig.Masters.All[0].HasVote);
                await (attempt.Held?.DisposeAsync() ?? ValueTask.CompletedTask);
                return hadVote;
            },
            "the master votes");
        Assert.InRange(await UptimeSecondsAsync(servers[0]), 3, int.MaxValue); // A lifetime, in the whole seconds that Redis tells.
        Assert.Equal(TimeSpan.Zero, held.RemainingValidity);
        await using RedlockHold next = await rig.AcquireAsync("key");
    }

    [Fact]
    public async Task Replicas_start_beside_dead_masters_and_find_them_when_they_come()
    {
        foreach (RedisServer server in servers)
            server.Kill();
        await using var rig = new RedlockRig(servers);

        RedlockAttempt refused = await rig.Breaker.AcquireAsync("key", CancellationToken.None).WaitAsync(Deadline);
        Assert.Equal(RedlockOutcome.NoQuorum, refused.Outcome);
        foreach (RedisServer server in servers)
            await server.RestartAsync();

        await Eventually.HoldsAsync(() => !rig.Breaker.IsOpen, "a quorum is found", TimeSpan.FromSeconds(20));
        await using RedlockHold held = await rig.AcquireAsync("key");
    }

    [Fact]
    public async Task Masters_that_answer_with_errors_open_the_breaker_and_a_probe_closes_it()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync(servers);
        foreach (RedisServer server in servers)
            await server.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        for (int attempt = 0; attempt < 3; attempt++)
            Assert.Equal(RedlockOutcome.NoQuorum, (await rig.Breaker.AcquireAsync("key", CancellationToken.None)).Outcome);
        Assert.True(rig.Breaker.IsOpen);

        foreach (RedisServer server in servers)
            await server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await Eventually.HoldsAsync(() => !rig.Breaker.IsOpen, "a probe succeeds");
        await using RedlockHold held = (await rig.Breaker.AcquireAsync("key", CancellationToken.None)).Held!;
        Assert.NotNull(held);
    }

    private static async Task<int> UptimeSecondsAsync(RedisServer server)
    {
        string told = await server.CommandAsync("INFO", "server");
        return int.Parse(told.Split("uptime_in_seconds:")[1].Split('\n')[0], CultureInfo.InvariantCulture);
    }
}
