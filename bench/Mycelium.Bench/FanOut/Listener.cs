using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mycelium.Bench.FanOut;

/// <summary>
/// One subscriber on a plain TCP socket, as cheap as a client can be. It counts messages, records when each was complete, and answers
/// pings. It does not look at the contents of messages.
/// </summary>
internal sealed class Listener : IDisposable
{
    private const int AckLength = 25, PingLength = 15, HeadMax = 10;
    [ThreadStatic]
    private static byte[]? shared;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] head = new byte[HeadMax];
    private readonly List<long> arrivals = [];
    private readonly TaskCompletionSource acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool keepsFirst;
    private int headLength;
    private long left = -1;
    private MemoryStream? first;

    private Listener(bool keepsFirst) => this.keepsFirst = keepsFirst;

    /// <summary>Messages received since the last <see cref="Forget"/>.</summary>
    public int Count => arrivals.Count;

    /// <summary>When each message arrived, as timestamps of <see cref="Stopwatch"/>.</summary>
    public IReadOnlyList<long> Arrivals => arrivals;

    /// <summary>The first message, for the one listener that keeps it.</summary>
    public byte[]? First { get; private set; }

    /// <summary>The close frame's code, once the server has closed.</summary>
    public int? Closed { get; private set; }

    public static async Task<Listener> OpenAsync(Uri address, bool isOurs, bool keepsFirst)
    {
        var listener = new Listener(keepsFirst);
        await listener.socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await listener.socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"));
        await listener.SkipHeadAsync();
        listener.socket.Blocking = false;
        _ = listener.ReceiveAsync();
        if (isOurs)
            listener.Send("""{"type":"connection_init"}""");
        await listener.acknowledged.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return listener;
    }

    public void Subscribe(string message) => Send(message);

    public void Forget() => arrivals.Clear();

    public void Dispose() => socket.Dispose();

    private async Task SkipHeadAsync()
    {
        byte[] one = new byte[1];
        for (int matched = 0; matched < 4;)
        {
            if (await socket.ReceiveAsync(one) == 0)
                throw new IOException("The server refused the socket.");
            matched = one[0] == "\r\n\r\n"u8[matched] ? matched + 1 : one[0] == '\r' ? 1 : 0;
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                await socket.ReceiveAsync(Memory<byte>.Empty); // Waits without a buffer.
                int length = socket.Receive(shared ??= new byte[128 * 1024], SocketFlags.None, out SocketError outcome);
                if (outcome == SocketError.WouldBlock)
                    continue; // Notified twice about the same bytes. Blocking here would occupy a pool thread.
                if (outcome != SocketError.Success || length == 0)
                    return;
                Read(shared.AsSpan(0, length), Stopwatch.GetTimestamp());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The run is over, or the server has gone, which the count shows.
        }
    }

    private void Read(ReadOnlySpan<byte> bytes, long now)
    {
        while (bytes.Length > 0)
        {
            if (left < 0)
            {
                head[headLength++] = bytes[0];
                bytes = bytes[1..];
                left = PayloadLength();
                continue;
            }
            int taken = (int)Math.Min(left, bytes.Length);
            if (keepsFirst && First is null && headLength > 2)
                (first ??= new MemoryStream()).Write(bytes[..taken]);
            if ((head[0] & 0xF) == 8 && Closed is null && taken >= 2)
                Closed = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            left -= taken;
            bytes = bytes[taken..];
            if (left == 0)
                Complete(now);
        }
    }

    /// <summary>-1 while the header is incomplete. Servers do not mask.</summary>
    private long PayloadLength() => headLength < 2 ? -1 : (head[1], headLength) switch
    {
        (126, 4) => BinaryPrimitives.ReadUInt16BigEndian(head.AsSpan(2)),
        (127, 10) => (long)BinaryPrimitives.ReadUInt64BigEndian(head.AsSpan(2)),
        (var length, _) when length < 126 => length,
        _ => -1,
    };

    private void Complete(long now)
    {
        if (headLength > 2)
        {
            arrivals.Add(now);
            First ??= first?.ToArray();
        }
        else if (head[1] == AckLength)
        {
            acknowledged.TrySetResult();
        }
        else if (head[1] == PingLength)
        {
            Send("""{"type":"pong"}""");
        }
        headLength = 0;
        left = -1;
    }

    /// <summary>A mask of zeros leaves the payload unchanged.</summary>
    private void Send(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        byte[] length = payload.Length < 126 ? [(byte)(0x80 | payload.Length)] : [0x80 | 126, (byte)(payload.Length >> 8), (byte)payload.Length];
        socket.Send([0x81, .. length, 0, 0, 0, 0, .. payload]);
    }
}
