using System.Diagnostics.Metrics;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>Counts and logs events that could not be read. Their subscribers are reset and get a snapshot, so none stops and none misses a change.</summary>
public sealed partial class UnreadableEvents(IMeterFactory meters, ILogger<UnreadableEvents> logger)
{
    private readonly Counter<long> resets = meters.CreateMycelium().CreateCounter<long>(
        "mycelium_events_unreadable_total", description: "Times that an event could not be read for a subscription, which then began again with a snapshot");

    private long lastLogged;

    /// <summary>One line for each event, however many subscriptions it concerns and however often they come back to it.</summary>
    public void Report(CommittedEvent unreadable, Exception mistake)
    {
        resets.Add(1);
        long before = Interlocked.Read(ref lastLogged);
        if (unreadable.Seq > before && Interlocked.CompareExchange(ref lastLogged, unreadable.Seq, before) == before)
            LogUnreadable(mistake, unreadable.Seq);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Event {Seq} cannot be read; its subscribers begin again with a snapshot.")]
    private partial void LogUnreadable(Exception mistake, long seq);
}
