using System.Threading.Channels;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>What waits to be sent on one socket, bounded in messages and bytes. One reader, any number of writers.</summary>
internal sealed class OutgoingQueue(int maxMessages, int maxBytes)
{
    private readonly Channel<ServerMessage> channel = Channel.CreateUnbounded<ServerMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock gate = new();
    private TaskCompletionSource? room;
    private int count;
    private long bytes;
    private bool isComplete;
    private bool discards;

    /// <summary>Takes a result over, unless the queue is full. One larger than the bound is taken when nothing else waits.</summary>
    public bool TryPost(ServerMessage message)
    {
        lock (gate)
            return (isComplete || (count < maxMessages && (count == 0 || bytes + message.Length <= maxBytes))) && Take(message);
    }

    /// <summary>
    /// Takes over a short message that answers the client at once. As many again as results may wait: a client that is busy reading its events is not
    /// punished for a ping.
    /// </summary>
    public bool TryPostAnswer(ServerMessage message)
    {
        lock (gate)
            return (isComplete || count < 2 * maxMessages) && Take(message);
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

    /// <summary>The next message, which is now the caller's; null when there will be none.</summary>
    public async ValueTask<ServerMessage?> TakeAsync()
    {
        while (await channel.Reader.WaitToReadAsync())
        {
            while (channel.Reader.TryRead(out ServerMessage? message))
            {
                if (Release(message))
                    return message;
                message.Dispose();
            }
        }
        return null;
    }

    public void Complete(bool discard)
    {
        lock (gate)
        {
            isComplete = true;
            discards |= discard;
            channel.Writer.TryComplete();
            room?.TrySetResult();
        }
    }

    private bool HasRoom => isComplete || (count <= maxMessages / 2 && bytes <= maxBytes / 2);

    private bool Take(ServerMessage message)
    {
        if (isComplete)
        {
            message.Dispose(); // Nothing is sent after the close frame.
            return true;
        }
        count++;
        bytes += message.Length;
        return channel.Writer.TryWrite(message);
    }

    /// <returns>Whether the message is to be sent.</returns>
    private bool Release(ServerMessage message)
    {
        lock (gate)
        {
            count--;
            bytes -= message.Length;
            if (room is not null && HasRoom)
            {
                room.TrySetResult();
                room = null;
            }
            return !discards;
        }
    }
}
