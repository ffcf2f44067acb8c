using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>One replica's turns and hints over real masters that a test started.</summary>
internal sealed class RedisRig : IAsyncDisposable
{
    public RedisRig(IEnumerable<string> addresses, CoordinationOptions? options = null, TimeProvider? clock = null, ILoggerFactory? loggers = null)
    {
        options ??= Patient();
        options.Masters = string.Join(',', addresses);
        IOptions<CoordinationOptions> wrapped = Options.Create(options);
        Masters = new RedisMasters(wrapped, NullLogger<RedisMasters>.Instance);
        Turns = new RedisTurns(Masters, Channels, wrapped, clock ?? TimeProvider.System, Meters.Factory, loggers ?? NullLoggerFactory.Instance);
        Signal = new RedisSignal(Masters, Channels);
    }

    public Channels Channels { get; } = new("test");
    public RedisMasters Masters { get; }
    public RedisTurns Turns { get; }
    public RedisSignal Signal { get; }

    /// <summary>For masters that answer: on a machine that is busy with other tests that may take long.</summary>
    public static CoordinationOptions Patient() => new() { LockTtl = TimeSpan.FromSeconds(30), CallTimeout = TimeSpan.FromSeconds(5) };

    /// <summary>For masters that do not respond. A machine that is busy with other tests delays a response for longer than the default of 50 ms.</summary>
    public static CoordinationOptions Impatient() => new() { CallTimeout = TimeSpan.FromMilliseconds(200), ProbePeriod = TimeSpan.FromMilliseconds(200) };

    /// <summary>A rig whose masters give turns.</summary>
    public static Task<RedisRig> StartAsync(IEnumerable<RedisServer> servers, CoordinationOptions? options = null, TimeProvider? clock = null) =>
        StartAsync(servers.Select(server => server.Address), options, clock);

    public static async Task<RedisRig> StartAsync(IEnumerable<string> addresses, CoordinationOptions? options = null, TimeProvider? clock = null)
    {
        var rig = new RedisRig(addresses, options, clock);
        await rig.ModeBecomesAsync(TurnMode.Redlock);
        return rig;
    }

    public Task ModeBecomesAsync(TurnMode mode) => Eventually.HoldsAsync(() => Turns.Mode == mode, $"turns are taken by {mode}", TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await Turns.DisposeAsync();
        await Masters.DisposeAsync();
    }
}
