using System.Net.WebSockets;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>The sending half of a socket: one message at a time, the close frame last. Closing never blocks, and the first reason to close is the one told.</summary>
internal sealed class SocketSender(WebSocket socket, Action abortConnection, GraphQLTransportOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly OutgoingQueue queue = new(options.MaxQueuedMessages, options.MaxQueuedBytes);
    private readonly CancellationTokenSource closed = new();
    private CloseReason? reason;
    private ITimer? closeTimer;
    private Task cancelling = Task.CompletedTask;

    /// <summary>Null while the socket is open.</summary>
    public CloseReason? Reason => Volatile.Read(ref reason);

    /// <summary>Cancelled as soon as the socket is to close.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>For messages that answer the client at once: one that does not read the answers to what it sends is closed.</summary>
    public void Post(ServerMessage message)
    {
        if (queue.TryPostAnswer(message))
            return;
        message.Dispose();
        Close(CloseReason.SlowConsumer);
    }

    /// <summary>For messages that can be left out.</summary>
    public void PostIfRoom(ServerMessage message)
    {
        if (!queue.TryPost(message))
            message.Dispose();
    }

    /// <summary>For results: waits for the client to read, within <see cref="GraphQLTransportOptions.SlowConsumerGrace"/>.</summary>
    public async ValueTask PostAsync(ServerMessage message, CancellationToken cancellation)
    {
        try
        {
            while (!queue.TryPost(message))
                await queue.WaitForRoomAsync().WaitAsync(options.SlowConsumerGrace, clock, cancellation);
        }
        catch (TimeoutException)
        {
            message.Dispose();
            Close(CloseReason.SlowConsumer);
        }
        catch (OperationCanceledException)
        {
            message.Dispose();
            throw;
        }
    }

    public void Close(CloseReason why)
    {
        if (Interlocked.CompareExchange(ref reason, why, null) is not null)
            return;
        closeTimer = clock.CreateTimer(_ => Abort(), null, options.CloseTimeout, Timeout.InfiniteTimeSpan);
        cancelling = closed.CancelAsync();
        queue.Complete(why.DiscardsQueue); // Last: from here on the socket may end and be disposed.
    }

    /// <summary>Sends until the socket is closed.</summary>
    public async Task RunAsync()
    {
        try
        {
            while (await queue.TakeAsync() is { } message)
            {
                using (message)
                    await socket.SendAsync(message.Memory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            if (Reason is { } why && why != CloseReason.Lost)
                await socket.CloseOutputAsync(why.Code, why.Text, CancellationToken.None);
        }
        catch (Exception exception) when (SocketReceiver.IsConnectionLost(exception))
        {
            Close(CloseReason.Lost);
            Abort();
            while (await queue.TakeAsync() is { } unsent)
                unsent.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await cancelling;
        if (closeTimer is not null)
            await closeTimer.DisposeAsync();
        closed.Dispose();
    }

    /// <summary>Cuts the connection; a send that the client's full window holds up ends with it.</summary>
    private void Abort()
    {
        socket.Abort();
        abortConnection();
    }
}
