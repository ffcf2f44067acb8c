using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>
/// The present of all subscriptions of this replica: takes each event from the tail once, finds the groups that it can concern, and leaves it with them. What a
/// group makes of it happens elsewhere, so that none holds this up.
/// </summary>
public sealed partial class LiveFeeds(EventTail tail, UnreadableEvents unreadable, TimeProvider clock, ILogger<LiveFeeds> logger) : BackgroundService, ILiveEnd
{
    /// <summary>How often quiet groups are looked for; a bookmark may be late by this much.</summary>
    private static readonly TimeSpan lookPeriod = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<Type, IFeedIndex> indexes = [];
    private readonly Dictionary<ILiveListener, Listening> all = [];
    private readonly HashSet<Listening> candidates = [];
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

    public void Add(SharedSource source, ILiveListener listener)
    {
        var listening = new Listening((IFeedStream)source, listener, clock);
        all.Add(listener, listening);
        Type kind = listening.Stream.Source.GetType();
        if (!indexes.TryGetValue(kind, out IFeedIndex? index))
            indexes.Add(kind, index = listening.Stream.CreateIndex());
        index.Add(listening);
    }

    public void Remove(SharedSource source, ILiveListener listener)
    {
        if (all.Remove(listener, out Listening? listening))
            indexes[listening.Stream.Source.GetType()].Remove(listening);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lookedAt = clock.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await tail.WhenStarted.WaitAsync(stoppingToken);
                PassOn(await tail.NextAsync(Begin(), lookPeriod, stoppingToken));
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

    private void PassOn(IReadOnlyList<CommittedEvent> batch)
    {
        lock (gate)
        {
            EventCursor now = position!.Value;
            foreach (CommittedEvent told in batch)
            {
                foreach (Listening listening in Candidates(told))
                    listening.Tell(told, now);
                position = now = now.After(told);
            }
            if (clock.GetElapsedTime(lookedAt) < lookPeriod)
                return;
            lookedAt = clock.GetTimestamp();
            foreach (Listening listening in all.Values)
                listening.BookmarkIfQuiet(now);
        }
    }

    /// <summary>Whom an event can concern. One that cannot be read concerns everybody: whoever looks at it finds out.</summary>
    private HashSet<Listening> Candidates(CommittedEvent told)
    {
        candidates.Clear();
        try
        {
            foreach (IFeedIndex index in indexes.Values)
                index.Collect(told, candidates);
        }
        catch (Exception exception)
        {
            unreadable.Report(told, exception);
            candidates.UnionWith(all.Values);
        }
        return candidates;
    }

    /// <summary>The tail is elsewhere now: each subscriber finds out what that means to it.</summary>
    private void Break()
    {
        lock (gate)
        {
            position = tail.End;
            foreach (Listening listening in all.Values)
                listening.Break();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Subscribers could not be told of events; trying again.")]
    private partial void LogFailed(Exception exception);
}
