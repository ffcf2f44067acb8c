namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// The messages queued for one socket, bounded in number and bytes. Any number of writers; one of them at a time sends, and an idle socket has no
/// queue.
/// </summary>
internal sealed class OutgoingQueue(int maxMessages, int maxBytes)
{
    /// <summary>An emptied queue that grew larger than this is released.</summary>
    private const int KeptCapacity = 16;

    private readonly Lock gate = new();
    private Queue<Outgoing>? waiting;
    private TaskCompletionSource? room;
    private long bytes;
    private bool isComplete;
    private bool discards;
    private bool isSending;

    private int Count => waiting?.Count ?? 0;

    /// <summary>Takes over a result, unless the queue is full. One larger than the limit is accepted when nothing else waits.</summary>
    public bool TryPost(Outgoing message)
    {
        lock (gate)
            return (isComplete || (Count < maxMessages && (Count == 0 || bytes + message.Length <= maxBytes))) && Take(message);
    }

    /// <summary>
    /// Takes over a short message that responds directly to the client. Its limit is the same as for results: a client that is busy reading its
    /// events is not punished for a ping.
    /// </summary>
    public bool TryPostAnswer(Outgoing message)
    {
        lock (gate)
            return (isComplete || Count < 2 * maxMessages) && Take(message);
    }

    /// <summary>Completes when half of the queue is free, or nothing more will be sent.</summary>
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

    /// <summary>
    /// True for the caller that has to send now, until <see cref="TryTake"/> has no more: there is something to send and nobody sending.
    /// </summary>
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

    /// <summary>The next message, which the caller now owns.</summary>
    /// <param name="message">The message to send.</param>
    /// <param name="isOver">There will be no more messages: the close frame is next, and nobody else starts sending.</param>
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
