using System.Threading.Channels;

namespace Mycelium.Infrastructure.Events;

/// <summary>Wake-ups within a replica, and through Redis between replicas. They carry no facts: a lost one costs a poll, a forged one a look at the table.</summary>
public sealed class EventSignals
{
    private readonly AutoSignal committed = new();
    private readonly AutoSignal stamped = new();

    /// <summary>A transaction that wrote events has committed here: they wait for their numbers.</summary>
    public void Committed() => committed.Set();

    /// <summary>Events have got their numbers, here or on another replica.</summary>
    public void Stamped() => stamped.Set();

    internal Task WaitForCommitted(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => committed.WaitAsync(atMost, clock, cancellation);

    internal Task WaitForStamped(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation) => stamped.WaitAsync(atMost, clock, cancellation);

    /// <summary>Remembers one wake-up until somebody has waited for it.</summary>
    private sealed class AutoSignal
    {
        private readonly Channel<bool> wakeUp = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Set() => wakeUp.Writer.TryWrite(true);

        public async Task WaitAsync(TimeSpan atMost, TimeProvider clock, CancellationToken cancellation)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task<bool> woken = wakeUp.Reader.WaitToReadAsync(waiting.Token).AsTask();
            await Task.WhenAny(woken, Task.Delay(atMost, clock, waiting.Token)).ConfigureAwait(false);
            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)woken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            wakeUp.Reader.TryRead(out _);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
