using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Unlocks a second time, half a lifetime later, where the first time may have come too early: a <c>SET</c> that nobody waited for any more can still
/// take effect when its master wakes up. At most 1 000 wait; beyond that the oldest is dropped, and its key's own expiry must do.
/// </summary>
public sealed class GhostSweeper : IAsyncDisposable
{
    private const int WaitingMax = 1_000;
    private readonly TimeSpan delay;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private readonly Channel<Ghost> waiting = Channel.CreateBounded<Ghost>(
        new BoundedChannelOptions(WaitingMax) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
    private readonly Task sweeping;

    public GhostSweeper(IOptions<CoordinationOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        delay = options.Value.LockTtl / 2;
        sweeping = Task.Run(SweepAsync);
    }

    internal void Remember(RedisMaster master, string key, byte[] token) => waiting.Writer.TryWrite(new Ghost(master, key, token, clock.GetTimestamp()));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await sweeping;
        stopping.Dispose();
    }

    private async Task SweepAsync()
    {
        try
        {
            await foreach (Ghost ghost in waiting.Reader.ReadAllAsync(stopping.Token).ConfigureAwait(false))
            {
                TimeSpan rest = delay - clock.GetElapsedTime(ghost.Since);
                if (rest > TimeSpan.Zero)
                    await Task.Delay(rest, clock, stopping.Token).ConfigureAwait(false);
                await ghost.Master.RunAsync(LockScripts.Unlock, ghost.Key, ghost.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private readonly record struct Ghost(RedisMaster Master, string Key, byte[] Token, long Since);
}
