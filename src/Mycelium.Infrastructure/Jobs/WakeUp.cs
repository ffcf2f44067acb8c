using System.Threading.Channels;

namespace Mycelium.Infrastructure.Jobs;

/// <summary>Wakes one background pass. A wake-up is remembered until the pass waits; several count as one.</summary>
internal sealed class WakeUp
{
    private readonly Channel<bool> wakeUp = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => wakeUp.Writer.TryWrite(true);

    /// <summary>Returns at the next wake-up, or after <paramref name="atMost"/> without one.</summary>
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
