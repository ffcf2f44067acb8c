using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>A group of equal subscribers at the live end of their feed.</summary>
public sealed class Listening
{
    private readonly TimeProvider clock;
    private readonly ILiveListener group;
    private long saidAt;

    internal Listening(IFeedStream stream, ILiveListener group, TimeProvider clock)
    {
        Stream = stream;
        this.group = group;
        this.clock = clock;
        saidAt = clock.GetTimestamp();
    }

    /// <summary>Of the first of the group.</summary>
    internal IFeedStream Stream { get; }

    internal void Tell(CommittedEvent told, EventCursor before) => group.Tell(before.Seq, told.Seq, () =>
    {
        IReadOnlyList<object>? messages = Stream.MessagesOf(told, before);
        if (messages is { Count: > 0 })
            Volatile.Write(ref saidAt, clock.GetTimestamp());
        return messages;
    });

    /// <summary>A group that has heard nothing for a while is told where the stream is.</summary>
    internal void BookmarkIfQuiet(EventCursor position)
    {
        if (clock.GetElapsedTime(Volatile.Read(ref saidAt)) < Limits.BookmarkInterval)
            return;
        Volatile.Write(ref saidAt, clock.GetTimestamp());
        group.Tell(position.Seq, position.Seq, () => [Stream.BookmarkAt(position)]);
    }

    internal void Break() => group.Break();
}
