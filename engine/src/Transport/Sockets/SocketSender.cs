using System.Buffers;
using System.Net.WebSockets;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// The sending half of a socket: one message at a time, the close frame last. Closing never blocks, and the first reason to close is the one sent. A
/// writer that posts to an idle socket sends the message itself, as far as possible without waiting: a message to thousands of sockets needs no
/// thread switch for each.
/// </summary>
internal sealed class SocketSender(WebSocket socket, Action abortConnection, GraphQLTransportOptions options, TimeProvider clock) : IAsyncDisposable
{
    private readonly OutgoingQueue queue = new(options.MaxQueuedMessages, options.MaxQueuedBytes);
    private readonly CancellationTokenSource closed = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CloseReason? reason;
    private ITimer? closeTimer;
    private Task cancelling = Task.CompletedTask;

    /// <summary>Null while the socket is open.</summary>
    public CloseReason? Reason => Volatile.Read(ref reason);

    /// <summary>Cancelled as soon as the socket starts to close.</summary>
    public CancellationToken Closed => closed.Token;

    /// <summary>Completes when the close frame is sent, or the connection is lost.</summary>
    public Task WhenEnded => ended.Task;

    /// <summary>For messages that respond directly to the client: a client that does not read the responses is disconnected.</summary>
    public void Post(ServerMessage message)
    {
        if (queue.TryPostAnswer(new Outgoing(message)))
        {
            SendWhatWaits();
            return;
        }
        message.Dispose();
        Close(CloseReason.SlowConsumer);
    }

    /// <summary>For messages that can be skipped.</summary>
    public void PostIfRoom(ServerMessage message)
    {
        if (queue.TryPost(new Outgoing(message)))
            SendWhatWaits();
        else
            message.Dispose();
    }

    /// <summary>For shared results: false when the queue is full.</summary>
    public bool TryPost(SharedResult result, byte[] prefix)
    {
        if (!queue.TryPost(new Outgoing(result, prefix)))
            return false;
        SendWhatWaits();
        return true;
    }

    /// <summary>For results: waits for the client to read, within <see cref="GraphQLTransportOptions.SlowConsumerGrace"/>.</summary>
    public async ValueTask PostAsync(Outgoing message, CancellationToken cancellation)
    {
        try
        {
            while (!queue.TryPost(message))
                await queue.WaitForRoomAsync().WaitAsync(options.SlowConsumerGrace, clock, cancellation);
            SendWhatWaits();
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
        queue.Complete(why.DiscardsQueue); // Last: after this the socket may end and be disposed.
        SendWhatWaits();
    }

    public async ValueTask DisposeAsync()
    {
        await cancelling;
        if (closeTimer is not null)
            await closeTimer.DisposeAsync();
        closed.Dispose();
    }

    private void SendWhatWaits()
    {
        if (queue.TryBeginSending())
            _ = SendAsync(); // Handles its own failures.
    }

    /// <summary>Sends until the queue is empty; then the close frame, when nothing more will come.</summary>
    private async Task SendAsync()
    {
        bool isOver = false;
        try
        {
            while (queue.TryTake(out Outgoing message, out isOver))
                await SendAsync(message);
            if (isOver && Reason is { } why && why != CloseReason.Lost)
                await socket.CloseOutputAsync(why.Code, why.Text, CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever it is, this connection cannot be used any longer.
            Close(CloseReason.Lost);
            Abort();
            while (queue.TryTake(out Outgoing unsent, out isOver))
                unsent.Dispose();
        }
        if (isOver)
            ended.TrySetResult();
    }

    private async ValueTask SendAsync(Outgoing message)
    {
        using (message)
        {
            ReadOnlyMemory<byte> frame = message.Frame(out byte[]? rented);
            try
            {
                await socket.SendAsync(frame, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            finally
            {
                if (rented is not null)
                    ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    /// <summary>Aborts the connection, and with it a send that is blocked by the client's full window.</summary>
    private void Abort()
    {
        socket.Abort();
        abortConnection();
    }
}
