using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>How long a lock is worth something, on a clock that is moved.</summary>
public sealed class RedlockValidityTests : IAsyncLifetime
{
    private static readonly TimeSpan Full = TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(52);
    private readonly TestClock clock = new();
    private RedisServer server = null!;

    public async Task InitializeAsync() => server = await RedisServer.StartAsync();

    public Task DisposeAsync()
    {
        server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_lock_is_good_for_its_lifetime_less_drift_and_not_a_tick_longer()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync([server], new CoordinationOptions(), clock);
        await using RedlockHold held = await rig.AcquireAsync("key");

        Assert.Equal(Full, held.RemainingValidity);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Full - TimeSpan.FromSeconds(1), held.RemainingValidity);
        clock.Advance(Full - TimeSpan.FromSeconds(1) - TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), held.RemainingValidity);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, held.RemainingValidity);
    }

    [Fact]
    public async Task After_a_pause_past_its_end_a_lock_cannot_be_extended_though_the_key_is_still_there()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync([server], new CoordinationOptions(), clock);
        await using RedlockHold held = await rig.AcquireAsync("key");

        clock.Advance(TimeSpan.FromSeconds(5)); // The clock of Redis did not move: the key lives.

        Assert.False(await held.ExtendAsync());
    }

    [Fact]
    public async Task Extending_gives_a_full_lifetime_from_the_extension()
    {
        await using RedlockRig rig = await RedlockRig.StartAsync([server], new CoordinationOptions(), clock);
        await using RedlockHold held = await rig.AcquireAsync("key");
        clock.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await held.ExtendAsync());

        Assert.Equal(Full, held.RemainingValidity);
    }

    [Fact]
    public async Task Waiting_for_a_lock_does_not_use_up_its_validity()
    {
        var patient = new CoordinationOptions { CallTimeout = TimeSpan.FromSeconds(4) }; // No step of the clock overtakes an answer.
        await using RedlockRig rig = await RedlockRig.StartAsync([server], patient, clock);
        await server.CommandAsync("SET", "key", "another's");
        Task<RedlockAttempt> acquiring = rig.Redlock.AcquireAsync("key", CancellationToken.None);
        for (int step = 0; step < 15; step++)
        {
            await Eventually.HoldsAsync(() => clock.ArmedTimerCount >= 2, "an attempt or the pause before the next runs beside the watchdog");
            clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        Assert.False(acquiring.IsCompleted);

        await server.CommandAsync("DEL", "key");
        await Eventually.HoldsAsync(
            () =>
            {
                if (!acquiring.IsCompleted)
                    clock.Advance(TimeSpan.FromMilliseconds(1));
                return acquiring.IsCompleted;
            },
            "the lock is acquired");

        await using RedlockHold held = (await acquiring).Held!;
        Assert.InRange(held.RemainingValidity, Full - TimeSpan.FromMilliseconds(50), Full);
    }

    [Fact]
    public async Task A_majority_that_took_too_long_to_agree_is_no_lock_and_is_let_go()
    {
        var patient = new CoordinationOptions { CallTimeout = TimeSpan.FromSeconds(4) };
        await using RedlockRig rig = await RedlockRig.StartAsync([server], patient, clock);
        server.Pause();
        Task<RedlockAttempt> trying = rig.Redlock.TryOnceAsync("key");

        clock.Advance(TimeSpan.FromSeconds(2.5));
        server.Resume();

        Assert.Equal(RedlockOutcome.TooSlow, (await trying).Outcome);
        Assert.Equal("0", (await server.CommandAsync("EXISTS", "key")).Trim());
    }
}
