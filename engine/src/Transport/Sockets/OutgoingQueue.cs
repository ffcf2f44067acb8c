namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>What waits to be sent on one socket, bounded in messages and bytes. Any number of writers; one of them at a time sends, and an idle socket has no queue.</summary>
internal sealed class OutgoingQueue(int maxMessages, int maxBytes)
{
    /// <summary>An emptied queue that had to hold more than this is let go.</summary>
    private const int KeptCapacity = 16;

    private readonly Lock gate = new();
    private Queue<Outgoing>? waiting;
    private TaskCompletionSource? room;
    private long bytes;
    private bool isComplete;
    private bool discards;
    private bool isSending;

    private int Count => waiting?.Count ?? 0;

    /// <summary>Takes a result over, unless the queue is full. One larger than the bound is taken when nothing else waits.</summary>
    public bool TryPost(Outgoing message)
    {
        lock (gate)
            return (isComplete || (Count < maxMessages && (Count == 0 || bytes + message.Length <= maxBytes))) && Take(message);
    }

    /// <summary>
    /// Takes over a short message that answers the client at once. As many again as results may wait: a client that is busy reading its events is not
    /// punished for a ping.
    /// </summary>
    public bool TryPostAnswer(Outgoing message)
    {
        lock (gate)
            return (isComplete || Count < 2 * maxMessages) && Take(message);
    }

    /// <summary>Done when half of the queue is free, or nothing is sent any more.</summary>
    public Task WaitForRoomAsync()
    {
        lock (gate)
        {
            if (HasRoom)
                return Task.CompletedTask;
            room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return room.Task;
        }
    }

    /// <summary>True for whoever is to send now, until <see cref="TryTake"/> has no more: there is something to do and nobody at it.</summary>
    public bool TryBeginSending()
    {
        lock (gate)
        {
            if (isSending || (Count == 0 && !isComplete))
                return false;
            isSending = true;
            return true;
        }
    }

    /// <summary>The next message, which is now the caller's.</summary>
    /// <param name="message">To be sent.</param>
    /// <param name="isOver">There will be none any more: the close frame is next. Nobody else begins to send after this.</param>
    public bool TryTake(out Outgoing message, out bool isOver)
    {
        lock (gate)
        {
            while (waiting is not null && waiting.TryDequeue(out message))
            {
                bytes -= message.Length;
                SignalRoom();
                if (!discards)
                {
                    isOver = false;
                    return true;
                }
                message.Dispose();
            }
            if (waiting is { Count: 0, Capacity: > KeptCapacity })
                waiting = null;
            message = default;
            isOver = isComplete;
            isSending = isComplete;
            return false;
        }
    }

    public void Complete(bool discard)
    {
        lock (gate)
        {
            isComplete = true;
            discards |= discard;
            room?.TrySetResult();
        }
    }

    private bool HasRoom => isComplete || (Count <= maxMessages / 2 && bytes <= maxBytes / 2);

    private void SignalRoom()
    {
        if (room is null || !HasRoom)
            return;
        room.TrySetResult();
        room = null;
    }

    private bool Take(Outgoing message)
    {
        if (isComplete)
        {
            message.Dispose(); // Nothing is sent after the close frame.
            return true;
        }
        bytes += message.Length;
        (waiting ??= new Queue<Outgoing>(1)).Enqueue(message);
        return true;
    }
}
