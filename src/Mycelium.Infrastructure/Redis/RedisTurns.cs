using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;
using Polly;
using Polly.CircuitBreaker;
using RedLockNet;
using RedLockNet.SERedis;
using RedLockNet.SERedis.Configuration;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Turns are locks of RedLock.net behind one circuit breaker. A lock without a quorum opens it, except when it is the first attempt after the circuit closed;
/// then the next attempt opens it. While it is open no caller waits for Redis until a probe, which runs each <see cref="CoordinationOptions.ProbePeriod"/>, has
/// taken a lock of its own.
/// </summary>
internal sealed partial class RedisTurns : INodeTurns, IAsyncDisposable
{
    private readonly RedisMasters masters;
    private readonly Channels channels;
    private readonly CoordinationOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly RedLockLog redLockLog;
    private readonly NodeTurn withoutRedis;
    private readonly CircuitBreakerStateProvider circuit = new();
    private readonly ResiliencePipeline<IRedLock> breaker;
    private readonly Histogram<double> acquireSeconds;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task probing;
    private RedLockFactory? locks;
    private volatile bool isProven; // A probe has succeeded since the process started.

    public RedisTurns(RedisMasters masters, Channels channels, IOptions<CoordinationOptions> options, TimeProvider clock, IMeterFactory meters,
        ILoggerFactory loggers)
    {
        Meter meter = meters.CreateMycelium();
        (this.masters, this.channels, this.options, this.clock) = (masters, channels, options.Value, clock);
        (logger, redLockLog) = (loggers.CreateLogger<RedisTurns>(), new RedLockLog(loggers));
        withoutRedis = options.Value.OnRedisLoss == RedisLoss.DbOnly ? NodeTurn.Degraded : NodeTurn.Busy;
        breaker = new ResiliencePipelineBuilder<IRedLock> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<IRedLock>
            {
                ShouldHandle = static attempt => new(attempt.Outcome is not { Result.Status: RedLockStatus.Acquired or RedLockStatus.Conflicted }),
                FailureRatio = 0, // Any failure opens it.
                MinimumThroughput = 2, // Attempts in the window, which is empty after the circuit closed. The least that Polly accepts; probes alone reach it.
                SamplingDuration = TimeSpan.FromSeconds(30),
                BreakDuration = TimeSpan.FromMilliseconds(500), // The least that Polly accepts; probes are the only calls while it is open.
                StateProvider = circuit,
            })
            .Build();
        acquireSeconds = meter.CreateHistogram<double>("mycelium_lock_acquire_seconds", "s", "Time of one attempt to take a node's turn");
        meter.CreateObservableGauge("mycelium_lock_mode", () => (int)Mode, description: "0 redlock, 1 db_only, 2 in_process");
        probing = Task.Run(ProbeAsync);
    }

    public TurnMode Mode => isProven && circuit.CircuitState == CircuitState.Closed ? TurnMode.Redlock : TurnMode.DbOnly;

    public async ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            NodeTurn turn = await TryAsync(node).ConfigureAwait(false);
            TimeSpan wait = options.RetryDelayMin + (options.RetryDelayMax - options.RetryDelayMin) * Random.Shared.NextDouble();
            if (turn.Kind != NodeTurnKind.Busy || clock.GetElapsedTime(begun) + wait >= options.AcquireBudget)
                return turn;
            await Task.Delay(wait, clock, cancellation).ConfigureAwait(false);
        }
    }

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new RoundTurns(await Task.WhenAll(nodes.Select(TryAsync)).ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await probing;
        stopping.Dispose();
        locks?.Dispose();
    }

    private async Task<NodeTurn> TryAsync(NodeId node)
    {
        if (Mode != TurnMode.Redlock)
            return withoutRedis;

        long begun = clock.GetTimestamp();
        IRedLock? attempt = await LockAsync(channels.NodeLock(node)).ConfigureAwait(false);
        RedLockStatus status = attempt?.Status ?? RedLockStatus.NoQuorum;
        acquireSeconds.Record(clock.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("result", status.ToString()));
        return status switch
        {
            RedLockStatus.Acquired => NodeTurn.Taken(attempt!),
            RedLockStatus.Conflicted => NodeTurn.Busy,
            _ => withoutRedis,
        };
    }

    /// <summary>
    /// One attempt, or null when there was none. A failed attempt locks and unlocks, and each of these is bounded by the timeout of the connections. Never
    /// abandon one earlier with <c>WaitAsync</c>: RedLock.net would still take the lock and then extend it until the process ends. A lock that was not acquired
    /// needs no disposing: RedLock.net has unlocked it already.
    /// </summary>
    private async Task<IRedLock?> LockAsync(string key)
    {
        try
        {
            return await breaker.ExecuteAsync(
                static async (call, _) => await call.Locks.CreateLockAsync(call.Key, call.Lifetime).ConfigureAwait(false),
                (Locks: locks!, Key: key, Lifetime: options.LockTtl)).ConfigureAwait(false);
        }
        catch (BrokenCircuitException)
        {
            return null;
        }
        catch (Exception failure) // Whatever it was: a courtesy must not fail a rental, nor end the probes.
        {
            LogFailed(failure);
            return null;
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            ConnectionMultiplexer[] connections = await masters.OpenAsync().ConfigureAwait(false);
            locks = RedLockFactory.Create(
                [.. connections.Select(connection => new RedLockMultiplexer(connection) { RedisKeyFormat = "{0}" })],
                new RedLockRetryConfiguration(retryCount: 1, retryDelayMs: 10), redLockLog);
            TurnMode known = TurnMode.Redlock;
            while (true)
            {
                if (await LockAsync(channels.ProbeLock(Guid.NewGuid())).ConfigureAwait(false) is { IsAcquired: true } probe)
                {
                    isProven = true;
                    await probe.DisposeAsync().ConfigureAwait(false);
                }
                LogChanges(ref known);
                await Task.Delay(options.ProbePeriod, clock, stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    /// <summary>One line for each change and for each reason, and not one for each probe that fails.</summary>
    private void LogChanges(ref TurnMode known)
    {
        TurnMode mode = Mode;
        if (mode != known)
            LogMode(known = mode);
        if (mode == TurnMode.Redlock)
            redLockLog.Reset();
        else if (redLockLog.TakeNewRefusal() is { } refusal)
            LogRefused(refusal);
    }

    [LoggerMessage(LogLevel.Error, "RedLock.net failed to try a lock")]
    private partial void LogFailed(Exception failure);

    [LoggerMessage(LogLevel.Warning, "Turns at nodes are taken by {Mode} now")]
    private partial void LogMode(TurnMode mode);

    [LoggerMessage(LogLevel.Warning, "A Redis master gave no lock: {Refusal}")]
    private partial void LogRefused(string refusal);
}
