namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Bounds how many passes of a replica work at once, and with that their memory and connections. A pass gives its slot away while it waits for a grid that
/// takes long, so that grids that are slow or down never keep the others from being read.
/// </summary>
public sealed class PassSlots(int count, TimeProvider clock) : IDisposable
{
    /// <summary>Ten times what a healthy grid takes for a page.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider clock = clock;
    private readonly SemaphoreSlim free = new(count, count);

    internal async Task<PassSlot> TakeAsync(CancellationToken cancellation)
    {
        await free.WaitAsync(cancellation).ConfigureAwait(false);
        return new PassSlot(this);
    }

    public void Dispose() => free.Dispose();

    internal sealed class PassSlot(PassSlots slots) : IDisposable
    {
        private bool isHeld = true;

        /// <summary>Waits for an answer of the grid, without the slot after a moment.</summary>
        /// <param name="answer">The request, under way and bounded in time.</param>
        /// <param name="whileWaiting">Renews the lease: called after a slow answer, then at intervals while other passes have the slots.</param>
        /// <param name="cancellation">Of the pass.</param>
        public async Task<T> WaitForAsync<T>(Task<T> answer, Func<Task> whileWaiting, CancellationToken cancellation)
        {
            try
            {
                return await answer.WaitAsync(patience, slots.clock, cancellation).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                GiveBack();
            }
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            do
            {
                await whileWaiting().ConfigureAwait(false);
            }
            while (!await slots.free.WaitAsync(SyncLease.RenewalInterval, cancellation).ConfigureAwait(false));
            isHeld = true;
            return await answer.ConfigureAwait(false);
        }

        public void Dispose() => GiveBack();

        private void GiveBack()
        {
            if (isHeld)
                slots.free.Release();
            isHeld = false;
        }
    }
}
