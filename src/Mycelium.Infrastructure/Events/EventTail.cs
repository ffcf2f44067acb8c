using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// The one reader of new events in a replica, and what every subscriber reads from. Subscribers pull from their own position: from memory when they keep up,
/// from PostgreSQL when they come from further back. So a slow reader holds nothing up and nothing is kept for it, and replayed events join live ones without a
/// seam.
/// </summary>
public sealed partial class EventTail(
    EventStore store, EventSignals signals, Restores restores, IOptions<EventOptions> options, TimeProvider clock,
    ILogger<EventTail> logger) : BackgroundService
{
    private readonly SemaphoreSlim catchUps = new(options.Value.CatchUpMax);
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Ring ring = new([], default, default);
    private volatile TaskCompletionSource advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the table was last read with success: health calls a tail that is behind.</summary>
    public DateTimeOffset LastReadAt { get; private set; }

    /// <summary>The number of the latest event read.</summary>
    public long Position => ring.End.Seq;

    /// <summary>The place of the latest event read. Meaningless before <see cref="WhenStarted"/>.</summary>
    public EventCursor End => ring.End;

    /// <summary>
    /// The cursor is from another time of the database than what was read here: it was restored, and either this tail does not know yet or the cursor is from
    /// what was lost.
    /// </summary>
    public bool IsElsewhere(EventCursor cursor) => ring.IsElsewhere(cursor);

    /// <summary>The place after an event, with its mark where that is still in memory.</summary>
    public EventCursor PlaceOf(Guid epoch, long seq) => new(epoch, seq, ring.MarkOf(seq) ?? EventCursor.Unmarked);

    /// <summary>Done once it is known where the events end.</summary>
    public Task WhenStarted => started.Task;

    /// <summary>
    /// The events after a position, in order, without a gap; empty when none came within <paramref name="wait"/>. The caller continues from the last one.
    /// </summary>
    /// <exception cref="EventsForgottenException">Events after the position have been deleted, or the database is another one now.</exception>
    public async Task<IReadOnlyList<CommittedEvent>> NextAsync(EventCursor after, TimeSpan wait, CancellationToken cancellation)
    {
        await started.Task.WaitAsync(cancellation).ConfigureAwait(false);
        Task news = advanced.Task; // Taken before reading, so that news which comes while reading is not missed.
        Ring now = ring;
        if (after.Epoch == now.EpochBefore)
            throw new EventsForgottenException();
        // A reader with such a cursor waits too: it may learn of a restored database a moment before this tail does.
        if (after.Seq >= now.End.Seq || now.IsElsewhere(after))
        {
            // Leaves no timer behind: ten thousand subscribers wait again at every event.
            await news.WaitAsync(wait, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            now = ring;
        }
        if (now.IsElsewhere(after))
            throw new EventsForgottenException();
        return now.After(after.Seq) is { } kept ? kept : await CatchUpAsync(after, cancellation).ConfigureAwait(false);
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
        ring = new Ring([], range.End, default);
        started.TrySetResult();
    }

    /// <summary>True when a whole page came, so that there may be more.</summary>
    private async Task<bool> ReadNewAsync(CancellationToken cancellation)
    {
        EventCursor end = ring.End;
        (EventRange range, long markThere, IReadOnlyList<CommittedEvent> page) = await store.ReadNewAsync(end, cancellation).ConfigureAwait(false);
        if (range.Epoch != end.Epoch || range.IsOfLostTime(end, markThere))
        {
            await BeginAgainAsync(end, range, cancellation).ConfigureAwait(false);
            return false;
        }
        LastReadAt = clock.GetUtcNow();
        if (range.FirstSeq > end.Seq + 1)
        {
            LogForgotten(end.Seq, range.FirstSeq); // This replica was suspended for longer than events are kept.
            Advance(ring with { Events = [], End = range.End });
            return false;
        }
        if (page.Count == 0)
            return false;

        if (page[0].Seq != end.Seq + 1 || page[^1].Seq - page[0].Seq + 1 != page.Count)
            LogGap(end.Seq, page[0].Seq); // Only retention deletes, and it never reaches what was not read: this is a defect, and subscribers are reset.
        Advance(ring.With(page, options.Value.RingSize));
        return page.Count == options.Value.PageSize;
    }

    /// <summary>
    /// The database was restored to before what was read here. The new epoch is the news for all replicas and all clients: nothing that they saw may be built
    /// on.
    /// </summary>
    private async Task BeginAgainAsync(EventCursor end, EventRange range, CancellationToken cancellation)
    {
        LogRestored(end.Seq, range.LastSeq);
        if (range.Epoch == end.Epoch)
            range = await store.EndEpochAsync(end.Epoch, cancellation).ConfigureAwait(false);
        restores.Report();
        Advance(new Ring([], range.End, EpochBefore: end.Epoch));
        LastReadAt = clock.GetUtcNow();
    }

    private void Advance(Ring next)
    {
        ring = next;
        Interlocked.Exchange(ref advanced, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>There are events after the position; if none is found, all of them have been deleted.</summary>
    private async Task<IReadOnlyList<CommittedEvent>> CatchUpAsync(EventCursor after, CancellationToken cancellation)
    {
        await catchUps.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            (EventRange range, long markThere, IReadOnlyList<CommittedEvent> page) = await store.ReadPageAsync(after, cancellation).ConfigureAwait(false);
            bool isWhole = page.Count > 0 && page[0].Seq == after.Seq + 1;
            bool isOurs = after.Mark == EventCursor.Unmarked ? range.Epoch == after.Epoch : range.CanResume(after, markThere);
            return isWhole && isOurs ? page : throw new EventsForgottenException();
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events after {Last} were deleted before this replica read them; they are kept from {First} on.")]
    private partial void LogForgotten(long last, long first);

    [LoggerMessage(Level = LogLevel.Critical, Message = "Events are missing between {Last} and {Next}.")]
    private partial void LogGap(long last, long next);

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "The database was put back to an earlier time: its last event was {Last} and is {Now}. All subscribers begin again with a snapshot.")]
    private partial void LogRestored(long last, long now);

    /// <summary>The latest events, dense, up to <paramref name="End"/>. Never changed: readers hold on to the one they saw.</summary>
    /// <param name="Events">In order.</param>
    /// <param name="End">After the last of them.</param>
    /// <param name="EpochBefore">The epoch that this tail saw end: its readers need not wait to learn that.</param>
    private sealed record Ring(CommittedEvent[] Events, EventCursor End, Guid EpochBefore)
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
            return this with { Events = [.. Events.AsSpan(Events.Length - kept), .. page], End = End.After(page[^1]) };
        }

        public bool IsElsewhere(EventCursor cursor) => cursor.Epoch != End.Epoch || (cursor.Mark > 0 && MarkOf(cursor.Seq) is { } mark && mark != cursor.Mark);

        /// <summary>Null for an event that is not in memory.</summary>
        public long? MarkOf(long seq) => seq == End.Seq ? End.Mark : After(seq - 1) is { Count: > 0 } from ? from[0].Mark : null;
    }
}
