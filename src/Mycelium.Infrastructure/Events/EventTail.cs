using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// The one reader of new events in a replica, and what every subscriber reads from. Subscribers pull from their own position: from memory when they keep up, from
/// PostgreSQL when they come from further back. So a slow one holds nothing up and nothing is kept for it, and replaying joins the present without a seam.
/// </summary>
public sealed partial class EventTail(
    EventStore store, EventSignals signals, IOptions<EventOptions> options, TimeProvider clock, ILogger<EventTail> logger) : BackgroundService
{
    private readonly SemaphoreSlim catchUps = new(options.Value.CatchUpMax);
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Ring ring = new([], default);
    private volatile TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the table was last read with success: health calls a tail that is behind.</summary>
    public DateTimeOffset LastReadAt { get; private set; }

    /// <summary>The number of the latest event read.</summary>
    public long Position => ring.End.Seq;

    /// <summary>The place of the latest event read. Meaningless before <see cref="WhenStarted"/>.</summary>
    public EventCursor End => ring.End;

    /// <summary>Done once it is known where the events end.</summary>
    public Task WhenStarted => started.Task;

    /// <summary>
    /// The events after a position, in order, without a gap; empty when none came within <paramref name="wait"/>. The caller goes on from the last one.
    /// </summary>
    /// <exception cref="EventsForgottenException">Events after the position have been deleted, or the database is another one now.</exception>
    public async Task<IReadOnlyList<CommittedEvent>> NextAsync(EventCursor after, TimeSpan wait, CancellationToken cancellation)
    {
        await started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        Task news = advanced.Task; // Taken before looking: what comes while looking is not slept through.
        Ring now = ring;
        // A reader of another epoch waits too: it may know of a restored database a moment before this tail does.
        if (after.Seq >= now.End.Seq || after.Epoch != now.End.Epoch)
        {
            // Leaves no timer behind: ten thousand subscribers wait anew at every event.
            await news.WaitAsync(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            now = ring;
        }
        if (after.Epoch != now.End.Epoch)
            throw new EventsForgottenException();
        return now.After(after.Seq) is { } kept ? kept : await CatchUpAsync(after.Seq, cancellation).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!started.Task.IsCompleted)
                    await StartAtTheEndAsync(stoppingToken).ConfigureAwait(false);
                long begun = clock.GetTimestamp();
                bool isBehind = await ReadNewAsync(stoppingToken).ConfigureAwait(false);
                if (isBehind)
                    continue;
                await signals.WaitForStamped(options.Value.PollPeriod, clock, stoppingToken).ConfigureAwait(false);
                TimeSpan early = options.Value.ReadGap - clock.GetElapsedTime(begun);
                if (early > TimeSpan.Zero)
                    await Task.Delay(early, clock, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
                await Task.Delay(options.Value.PollPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task StartAtTheEndAsync(CancellationToken cancellation)
    {
        EventRange range = await store.ReadRangeAsync(cancellation).ConfigureAwait(false);
        ring = new Ring([], range.End);
        started.TrySetResult();
    }

    /// <summary>True when a whole page came, so that there may be more.</summary>
    private async Task<bool> ReadNewAsync(CancellationToken cancellation)
    {
        (EventRange range, IReadOnlyList<CommittedEvent> page) = await store.ReadNewAsync(ring.End.Seq, cancellation).ConfigureAwait(false);
        LastReadAt = clock.GetUtcNow();
        if (range.Epoch != ring.End.Epoch || range.LastSeq < ring.End.Seq)
        {
            LogRestored(ring.End.Seq, range.LastSeq);
            Advance(new Ring([], range.End));
            return false;
        }
        if (page.Count == 0)
            return false;

        if (page[0].Seq != ring.End.Seq + 1 || page[^1].Seq - page[0].Seq + 1 != page.Count)
            LogGap(ring.End.Seq, page[0].Seq); // Only retention deletes, and it never reaches what was not read: this is a defect, and subscribers are reset.
        Advance(ring.With(page, options.Value.RingSize));
        return page.Count == options.Value.PageSize;
    }

    private void Advance(Ring next)
    {
        ring = next;
        Interlocked.Exchange(ref advanced, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>There are events after the position; that none is found means that all of them have been deleted.</summary>
    private async Task<IReadOnlyList<CommittedEvent>> CatchUpAsync(long after, CancellationToken cancellation)
    {
        await catchUps.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            IReadOnlyList<CommittedEvent> page = await store.ReadPageAsync(after, cancellation).ConfigureAwait(false);
            return page.Count == 0 || page[0].Seq != after + 1 ? throw new EventsForgottenException() : page;
        }
        finally
        {
            catchUps.Release();
        }
    }

    public override void Dispose()
    {
        catchUps.Dispose();
        base.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not be read; trying again.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Events are missing between {Last} and {Next}.")]
    private partial void LogGap(long last, long next);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The database was restored: its last event was {Last} and is {Now}. Subscribers begin anew if event_counter.epoch is another; it must be.")]
    private partial void LogRestored(long last, long now);

    /// <summary>The latest events, dense, up to <paramref name="End"/>. Never changed: readers hold on to the one they saw.</summary>
    private sealed record Ring(CommittedEvent[] Events, EventCursor End)
    {
        /// <summary>Null when the position is before what is kept.</summary>
        public ArraySegment<CommittedEvent>? After(long position)
        {
            long missing = End.Seq - position;
            if (missing <= 0)
                return ArraySegment<CommittedEvent>.Empty;
            if (missing > Events.Length || Events[^(int)missing].Seq != position + 1)
                return null;
            return new ArraySegment<CommittedEvent>(Events, Events.Length - (int)missing, (int)missing);
        }

        public Ring With(IReadOnlyList<CommittedEvent> page, int size)
        {
            int kept = Math.Clamp(size - page.Count, 0, Events.Length);
            return new([.. Events.AsSpan(Events.Length - kept), .. page], End with { Seq = page[^1].Seq });
        }
    }
}
