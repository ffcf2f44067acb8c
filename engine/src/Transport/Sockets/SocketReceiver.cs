using System.Buffers;
using System.Net.WebSockets;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

internal enum Received { Text, Binary, TooBig, Close }

/// <summary>The receiving half of a socket: whole messages up to a limit. A quiet socket holds no buffer.</summary>
internal sealed class SocketReceiver(WebSocket socket, int maxBytes) : IDisposable
{
    private const int FirstBytes = 4096;
    private byte[] buffer = [];
    private int length;

    /// <summary>The last message; overwritten by the next.</summary>
    public ReadOnlySpan<byte> Message => buffer.AsSpan(0, length);

    public static bool IsConnectionLost(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;

    public async ValueTask<Received> ReceiveAsync()
    {
        Dispose();
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None); // Waits without a buffer.
        while (!received.EndOfMessage && received.MessageType != WebSocketMessageType.Close)
        {
            if (length == maxBytes)
                return Received.TooBig;
            if (length == buffer.Length)
                Grow();
            received = await socket.ReceiveAsync(buffer.AsMemory(length, Math.Min(buffer.Length, maxBytes) - length), CancellationToken.None);
            length += received.Count;
        }
        return received.MessageType switch
        {
            WebSocketMessageType.Close => Received.Close,
            WebSocketMessageType.Binary => Received.Binary,
            _ => Received.Text,
        };
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(Math.Max(FirstBytes, buffer.Length * 2), maxBytes));
        Message.CopyTo(larger);
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
