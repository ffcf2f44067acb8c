using System.Globalization;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Redlock over masters that live.</summary>
public sealed class RedlockTests : IClassFixture<RedlockTests.ThreeMasters>, IAsyncLifetime
{
    private readonly RedisServer[] servers;
    private readonly string key = $"test:lock:{Guid.NewGuid():N}";
    private RedlockRig rig = null!;

    public RedlockTests(ThreeMasters masters) => servers = masters.Servers;

    public async Task InitializeAsync() => rig = await RedlockRig.StartAsync(servers);

    public async Task DisposeAsync() => await rig.DisposeAsync();

    [Fact]
    public async Task Of_many_callers_on_two_replicas_one_at_a_time_is_inside()
    {
        await using RedlockRig other = await RedlockRig.StartAsync(servers);
        int inside = 0, entered = 0, together = 0;

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async caller =>
        {
            RedlockRig mine = caller % 2 == 0 ? rig : other;
            RedlockAttempt attempt = await mine.Redlock.AcquireAsync(key, CancellationToken.None);
            if (attempt.Held is not { } held)
                return;
            if (Interlocked.Increment(ref inside) > 1)
                Interlocked.Increment(ref together);
            await Task.Yield();
            Interlocked.Increment(ref entered);
            Interlocked.Decrement(ref inside);
            await held.DisposeAsync();
        }));

        Assert.Equal(0, together);
        Assert.InRange(entered, 2, 40);
    }

    [Fact]
    public async Task While_it_is_held_another_is_told_so_within_the_budget()
    {
        var clock = new TestClock();
        var patient = new CoordinationOptions { CallTimeout = TimeSpan.FromSeconds(4) }; // No step of the clock overtakes an answer.
        await using RedlockRig other = await RedlockRig.StartAsync(servers, patient, clock);
        foreach (RedisServer server in servers)
            await server.CommandAsync("SET", key, "another's");
        Task<RedlockAttempt> acquiring = other.Redlock.AcquireAsync(key, CancellationToken.None);

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
            "the budget is used up");

        Assert.Equal(RedlockOutcome.Taken, (await acquiring).Outcome);
        Assert.InRange(moved, patient.AcquireBudget - patient.RetryDelayMax, TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Released_it_is_gone_from_every_master_and_can_be_taken_again()
    {
        RedlockHold held = await rig.AcquireAsync(key);
        foreach (RedisServer server in servers)
            Assert.Equal("1", (await server.CommandAsync("EXISTS", key)).Trim());

        await held.DisposeAsync();

        foreach (RedisServer server in servers)
            await Eventually.HoldsAsync(async () => (await server.CommandAsync("EXISTS", key)).Trim() == "0", "the key is gone");
        Assert.Equal(TimeSpan.Zero, held.RemainingValidity);
        await using RedlockHold again = await rig.AcquireAsync(key);
    }

    [Fact]
    public async Task A_lock_that_others_hold_by_now_is_neither_extended_nor_released_by_its_old_holder()
    {
        RedlockHold held = await rig.AcquireAsync(key);
        foreach (RedisServer server in servers)
            await server.CommandAsync("SET", key, "another's");

        Assert.False(await held.ExtendAsync());
        await held.DisposeAsync();

        foreach (RedisServer server in servers)
            Assert.Equal("another's", (await server.CommandAsync("GET", key)).Trim());
    }

    [Fact]
    public async Task Flushed_away_it_is_not_set_again_by_extending_and_stays_lost()
    {
        RedlockHold held = await rig.AcquireAsync(key);
        foreach (RedisServer server in servers)
            await server.CommandAsync("DEL", key);

        Assert.False(await held.ExtendAsync());

        Assert.Equal(TimeSpan.Zero, held.RemainingValidity);
        foreach (RedisServer server in servers)
            Assert.Equal("0", (await server.CommandAsync("EXISTS", key)).Trim());
        Assert.False(await held.ExtendAsync());
    }

    [Fact]
    public async Task Forgotten_by_a_minority_it_is_extended_by_the_rest()
    {
        await using RedlockHold held = await rig.AcquireAsync(key);
        await servers[0].CommandAsync("DEL", key);

        Assert.True(await held.ExtendAsync());

        Assert.Equal("0", (await servers[0].CommandAsync("EXISTS", key)).Trim());
    }

    [Fact]
    public async Task Extending_and_releasing_at_once_never_leaves_the_key_behind()
    {
        var lasting = new CoordinationOptions { LockTtl = TimeSpan.FromMinutes(5), CallTimeout = TimeSpan.FromSeconds(4) }; // No key goes by itself.
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, lasting, new TestClock());
        for (int round = 0; round < 200; round++)
        {
            string own = $"{key}:{round}";
            RedlockHold held = await rig.AcquireAsync(own);

            await Task.WhenAll(held.ExtendAsync(), held.DisposeAsync().AsTask(), held.ExtendAsync());
        }

        foreach (RedisServer server in servers)
            await Eventually.HoldsAsync(async () => (await server.CommandAsync("KEYS", key + ":*")).Trim() == "", "no key is left");
    }

    [Fact]
    public async Task Extending_gives_the_key_a_whole_lifetime_on_every_master()
    {
        var lasting = new CoordinationOptions { LockTtl = TimeSpan.FromMinutes(5), CallTimeout = TimeSpan.FromSeconds(4) };
        await using RedlockRig rig = await RedlockRig.StartAsync(servers, lasting, new TestClock());
        await using RedlockHold held = await rig.AcquireAsync(key);
        foreach (RedisServer server in servers)
            await server.CommandAsync("PEXPIRE", key, "60000");

        Assert.True(await held.ExtendAsync());

        foreach (RedisServer server in servers)
            await Eventually.HoldsAsync(async () => int.Parse(await server.CommandAsync("PTTL", key), CultureInfo.InvariantCulture) > 200_000, "the key has a lifetime before it");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task One_master_or_five_do_as_well(int count)
    {
        RedisServer[] own = await RedisServer.StartAsync(count);
        await using RedlockRig with = await RedlockRig.StartAsync(own);

        await using (RedlockHold held = await with.AcquireAsync(key))
            Assert.Equal(RedlockOutcome.Taken, (await with.Redlock.TryOnceAsync(key)).Outcome);
        await using RedlockHold again = await with.AcquireAsync(key);

        foreach (RedisServer server in own)
            server.Dispose();
    }

    [Theory]
    [InlineData("a:1,b:2")]
    [InlineData("")]
    [InlineData("a:1,a:1,b:2")]
    public void Masters_that_cannot_form_an_honest_majority_are_refused(string masters) =>
        Assert.NotNull(new CoordinationOptions { Masters = masters }.Problem());

    public sealed class ThreeMasters : IAsyncLifetime
    {
        public RedisServer[] Servers { get; private set; } = [];

        public async Task InitializeAsync() => Servers = await RedisServer.StartAsync(3);

        public Task DisposeAsync()
        {
            foreach (RedisServer server in Servers)
                server.Dispose();
            return Task.CompletedTask;
        }
    }
}
