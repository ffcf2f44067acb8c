using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>One replica's locks over real masters that a test started.</summary>
internal sealed class RedlockRig : IAsyncDisposable
{
    public RedlockRig(IEnumerable<RedisServer> servers, CoordinationOptions? options = null, TimeProvider? clock = null)
    {
        Options = options ?? Quick();
        Options.Masters = string.Join(',', servers.Select(server => server.Address));
        IOptions<CoordinationOptions> wrapped = Microsoft.Extensions.Options.Options.Create(Options);
        clock ??= TimeProvider.System;
        Masters = new RedisMasters(wrapped, clock, NullLogger<RedisMasters>.Instance);
        Ghosts = new GhostSweeper(wrapped, clock);
        Redlock = new Redlock(Masters, wrapped, Ghosts, clock);
        Breaker = new RedlockBreaker(Masters, Redlock, Channels, wrapped, clock, NullLogger<RedlockBreaker>.Instance);
        Signal = new RedisSignal(Masters, Channels);
    }

    public CoordinationOptions Options { get; }
    public Channels Channels { get; } = new("test");
    public RedisMasters Masters { get; }
    public GhostSweeper Ghosts { get; }
    public Redlock Redlock { get; }
    public RedlockBreaker Breaker { get; }
    public RedisSignal Signal { get; }

    /// <summary>A lock lifetime of a second: a new server gets its vote after one.</summary>
    public static CoordinationOptions Quick() => new() { LockTtl = TimeSpan.FromSeconds(1), ValidityMin = TimeSpan.FromMilliseconds(600) };

    /// <summary>A rig whose masters all vote.</summary>
    public static async Task<RedlockRig> StartAsync(IReadOnlyCollection<RedisServer> servers, CoordinationOptions? options = null)
    {
        var rig = new RedlockRig(servers, options);
        await Eventually.HoldsAsync(() => rig.Masters.VoteCount == servers.Count, "every master votes");
        return rig;
    }

    /// <summary>A rig on a clock that is moved, and has been moved past the quarantine of its new servers.</summary>
    public static async Task<RedlockRig> StartAsync(IReadOnlyCollection<RedisServer> servers, CoordinationOptions options, TestClock clock)
    {
        options.WatchdogMissesMax = int.MaxValue; // A jump of the clock may overtake an answer of the watchdog's.
        var rig = new RedlockRig(servers, options, clock);
        await Eventually.HoldsAsync(() => rig.Masters.All.All(master => master.IsReachable && master.IsVerified), "every master is known");
        clock.Advance(options.LockTtl);
        return rig;
    }

    public async Task<RedlockHold> AcquireAsync(string key)
    {
        RedlockAttempt attempt = await Redlock.AcquireAsync(key, CancellationToken.None);
        return attempt.Held ?? throw new InvalidOperationException($"Not acquired: {attempt.Outcome}");
    }

    public async ValueTask DisposeAsync()
    {
        await Breaker.DisposeAsync();
        await Ghosts.DisposeAsync();
        await Masters.DisposeAsync();
    }
}
