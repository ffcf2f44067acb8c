using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>
/// The live end of all subscriptions of this replica: takes each event from the tail once, and delivers it to the groups that it can concern. A group
/// evaluates it elsewhere, so that none delays the others.
/// </summary>
public sealed partial class LiveFeeds(EventTail tail, UnreadableEvents unreadable, TimeProvider clock, ILogger<LiveFeeds> logger) : BackgroundService, ILiveEnd
{
    /// <summary>How often quiet groups are looked for; a bookmark may be late by this much.</summary>
    private static readonly TimeSpan lookPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<Type, IFeedIndex> indexes = [];
    private readonly HashSet<LiveGroup> all = [];
    private readonly HashSet<LiveGroup> candidates = [];
    private EventCursor? position;
    private long lookedAt;

    public bool TryJoin(long position, Action join)
    {
        lock (gate)
        {
            this.position ??= tail.End;
            if (position < this.position.Value.Seq)
                return false;
            join();
            return true;
        }
    }

    public void Leave(Action leave)
    {
        lock (gate)
            leave();
    }

    public void Add(LiveGroup group)
    {
        all.Add(group);
        Type kind = group.Source.GetType();
        if (!indexes.TryGetValue(kind, out IFeedIndex? index))
            indexes.Add(kind, index = ((Feed)group.Source).CreateIndex());
        index.Add(group);
    }

    public void Remove(LiveGroup group)
    {
        if (all.Remove(group))
            indexes[group.Source.GetType()].Remove(group);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lookedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tail.WhenStarted.WaitAsync(stoppingToken);
                Deliver(await tail.NextAsync(Begin(), lookPeriod, stoppingToken));
            }
            catch (EventsForgottenException)
            {
                Break();
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
                await Task.Delay(lookPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private EventCursor Begin()
    {
        lock (gate)
            return position ??= tail.End;
    }

    private void Deliver(IReadOnlyList<CommittedEvent> batch)
    {
        lock (gate)
        {
            EventCursor now = position!.Value;
            foreach (CommittedEvent committed in batch)
            {
                var next = new NextEvent(now, committed);
                foreach (LiveGroup group in Candidates(committed))
                    group.Deliver(next);
                position = now = now.After(committed);
            }
            if (clock.GetElapsedTime(lookedAt) < lookPeriod)
                return;
            lookedAt = clock.GetTimestamp();
            var bookmark = new Bookmark(now);
            foreach (LiveGroup group in all.Where(group => group.QuietTime >= Limits.BookmarkInterval))
                group.Deliver(bookmark);
        }
    }

    /// <summary>The groups that an event can concern. One that cannot be read concerns all: each finds out when it evaluates the event.</summary>
    private HashSet<LiveGroup> Candidates(CommittedEvent committed)
    {
        candidates.Clear();
        try
        {
            foreach (IFeedIndex index in indexes.Values)
                index.Collect(committed, candidates);
        }
        catch (Exception exception)
        {
            unreadable.Report(committed, exception);
            candidates.UnionWith(all);
        }
        return candidates;
    }

    /// <summary>The tail is elsewhere now: each subscriber finds out what that means to it.</summary>
    private void Break()
    {
        lock (gate)
        {
            position = tail.End;
            var gap = new Gap(position.Value);
            foreach (LiveGroup group in all)
                group.Deliver(gap);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not be delivered to subscribers; trying again.")]
    private partial void LogFailed(Exception exception);
}
