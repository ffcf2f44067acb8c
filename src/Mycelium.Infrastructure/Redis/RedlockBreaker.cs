using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Spares callers a Redis that cannot decide: after three acquisitions in a row without a quorum they are told so at once, until a probe, each second,
/// has taken and let go a lock of its own.
/// </summary>
public sealed partial class RedlockBreaker : IAsyncDisposable
{
    private readonly RedisMasters masters;
    private readonly Redlock redlock;
    private readonly Channels channels;
    private readonly CoordinationOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private Task probing = Task.CompletedTask;
    private int failureCount;

    public RedlockBreaker(
        RedisMasters masters, Redlock redlock, Channels channels, IOptions<CoordinationOptions> options, TimeProvider clock, ILogger<RedlockBreaker> logger) =>
        (this.masters, this.redlock, this.channels, this.options, this.clock, this.logger) = (masters, redlock, channels, options.Value, clock, logger);

    /// <summary>Nobody asks Redis for a lock now.</summary>
    public bool IsOpen => Volatile.Read(ref failureCount) >= options.BreakerFailuresMax || masters.VoteCount < masters.Quorum;

    public async Task<RedlockAttempt> AcquireAsync(string key, CancellationToken cancellation)
    {
        if (IsOpen)
            return new RedlockAttempt(RedlockOutcome.NoQuorum);

        RedlockAttempt attempt = await redlock.AcquireAsync(key, cancellation).ConfigureAwait(false);
        Count(isFailure: attempt.Outcome == RedlockOutcome.NoQuorum);
        return attempt;
    }

    /// <summary>One attempt for several keys; null while nobody asks Redis.</summary>
    internal async Task<RedlockRound?> TryEachAsync(IReadOnlyList<string> keys)
    {
        if (IsOpen)
            return null;

        RedlockRound round = await redlock.TryEachAsync(keys).ConfigureAwait(false);
        Count(isFailure: round.Outcomes.Contains(RedlockOutcome.NoQuorum)); // Of masters, not of keys: one is missing for all.
        return round;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await probing;
        stopping.Dispose();
    }

    private void Count(bool isFailure)
    {
        if (!isFailure)
            Interlocked.Exchange(ref failureCount, 0);
        else if (Interlocked.Increment(ref failureCount) >= options.BreakerFailuresMax)
            Probe();
    }

    private void Probe()
    {
        lock (gate)
        {
            if (!probing.IsCompleted || stopping.IsCancellationRequested)
                return;
            LogOpened(options.ProbePeriod);
            probing = Task.Run(ProbeAsync);
        }
    }

    private async Task ProbeAsync()
    {
        try
        {
            do
                await Task.Delay(options.ProbePeriod, clock, stopping.Token).ConfigureAwait(false);
            while (!await ProbeOnceAsync().ConfigureAwait(false));
            Interlocked.Exchange(ref failureCount, 0);
            LogClosed();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task<bool> ProbeOnceAsync()
    {
        RedlockAttempt attempt = await redlock.TryOnceAsync(channels.ProbeLock(Guid.NewGuid())).ConfigureAwait(false);
        if (attempt.Held is not { } held)
            return false;
        await held.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(LogLevel.Warning, "No quorum of Redis masters: turns are PostgreSQL's alone until a probe, each {Period}, succeeds")]
    private partial void LogOpened(TimeSpan period);

    [LoggerMessage(LogLevel.Information, "A quorum of Redis masters is back")]
    private partial void LogClosed();
}
