using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>Turns by Redlock. Without a quorum of masters the setting decides: go on with the database alone, or refuse.</summary>
internal sealed class RedisTurns : INodeTurns
{
    private readonly RedlockBreaker redlock;
    private readonly Channels channels;
    private readonly RedisLoss onLoss;
    private readonly TimeSpan retryDelay;
    private readonly TimeProvider clock;
    private readonly Histogram<double> acquireSeconds;
    private readonly Counter<long> lost;

    public RedisTurns(RedlockBreaker redlock, Channels channels, IOptions<CoordinationOptions> options, TimeProvider clock, IMeterFactory meters)
    {
        Meter meter = meters.CreateMycelium();
        (this.redlock, this.channels, onLoss, retryDelay, this.clock) = (redlock, channels, options.Value.OnRedisLoss, options.Value.RetryDelayMax, clock);
        acquireSeconds = meter.CreateHistogram<double>("mycelium_lock_acquire_seconds", "s", "How long it took to get a node's turn, or not to");
        lost = meter.CreateCounter<long>("mycelium_lock_lost_total", description: "Turns that ran out before they were given back");
        meter.CreateObservableGauge("mycelium_lock_mode", () => (int)Mode, description: "0 redlock, 1 db_only, 2 in_process");
    }

    public TurnMode Mode => redlock.IsOpen ? TurnMode.DbOnly : TurnMode.Redlock;

    public async ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        RedlockAttempt attempt = await redlock.AcquireAsync(channels.NodeLock(node), cancellation).ConfigureAwait(false);
        acquireSeconds.Record(clock.GetElapsedTime(begun).TotalSeconds, new KeyValuePair<string, object?>("result", attempt.Outcome.ToString()));
        if (attempt.Held is { } held)
            return NodeTurn.Taken(new CountedHold(held, lost));
        NodeTurnKind kind = KindOf(attempt.Outcome);
        if (kind == NodeTurnKind.Busy && attempt.Outcome != RedlockOutcome.Taken)
            await Task.Delay(retryDelay, clock, cancellation).ConfigureAwait(false); // Refused without waiting: who asks again at once would do nothing else.
        return kind == NodeTurnKind.Busy ? NodeTurn.Busy : NodeTurn.Degraded;
    }

    public async ValueTask<RoundTurns> TryAcquireAsync(IReadOnlyList<NodeId> nodes, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        long begun = clock.GetTimestamp();
        if (await redlock.TryEachAsync([.. nodes.Select(channels.NodeLock)]).ConfigureAwait(false) is not { } round)
            return RoundTurns.Of(KindOf(RedlockOutcome.NoQuorum), nodes.Count);

        double seconds = clock.GetElapsedTime(begun).TotalSeconds;
        foreach (RedlockOutcome outcome in round.Outcomes)
            acquireSeconds.Record(seconds, new KeyValuePair<string, object?>("result", outcome.ToString()));
        return new RoundTurns([.. round.Outcomes.Select(KindOf)], new CountedRound(round, lost, clock));
    }

    /// <summary>Masters that do not answer, or answer too slowly for their answer to be worth anything, keep nobody from going on unless they are told to.</summary>
    private NodeTurnKind KindOf(RedlockOutcome outcome) => outcome switch
    {
        RedlockOutcome.Acquired => NodeTurnKind.Taken,
        RedlockOutcome.Taken => NodeTurnKind.Busy,
        _ => onLoss == RedisLoss.DbOnly ? NodeTurnKind.Degraded : NodeTurnKind.Busy,
    };

    private sealed class CountedRound(RedlockRound round, Counter<long> lost, TimeProvider clock) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            if (clock.GetElapsedTime(round.Asked) > round.Lifetime)
                lost.Add(round.Outcomes.Count(outcome => outcome == RedlockOutcome.Acquired));
            return round.DisposeAsync();
        }
    }

    private sealed class CountedHold(RedlockHold held, Counter<long> lost) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            if (held.RemainingValidity == TimeSpan.Zero)
                lost.Add(1);
            return held.DisposeAsync();
        }
    }
}
