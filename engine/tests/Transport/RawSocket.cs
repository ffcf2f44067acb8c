using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>A hand-written WebSocket client on a TCP socket, for what a well-behaved client would not do: above all, not reading.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024, ReceiveTimeout = 20_000 };
    private NetworkStream stream = null!;

    public static async Task<RawSocket> ConnectAsync(TransportServer server, string? protocol)
    {
        var client = new RawSocket();
        await client.socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        client.stream = new NetworkStream(client.socket);
        string offered = protocol is null ? "" : $"Sec-WebSocket-Protocol: {protocol}\r\n";
        await client.stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {server.Address.AbsolutePath} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + $"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{offered}\r\n"));
        string head = await client.ReadHeadAsync();
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        return client;
    }

    /// <summary>Sends a text message of at most 125 bytes.</summary>
    public async Task SendAsync(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        byte[] frame = [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload]; // A mask of zeros leaves the payload unchanged.
        await stream.WriteAsync(frame);
    }

    /// <summary>Reads frames until the close frame arrives.</summary>
    public async Task<(int Code, string Reason)> ReceiveCloseAsync()
    {
        while (true)
        {
            (int opcode, byte[] payload) = await ReceiveAsync();
            if (opcode == 8)
                return (BinaryPrimitives.ReadUInt16BigEndian(payload), Encoding.UTF8.GetString(payload.AsSpan(2)));
        }
    }

    /// <summary>Reads until the server ends the connection in any way.</summary>
    public async Task ReceiveEndAsync()
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer).AsTask().WaitAsync(TimeSpan.FromSeconds(20)) > 0)
            {
                // Was still in transit.
            }
        }
        catch (IOException)
        {
            // Reset.
        }
    }

    public async Task<(int Opcode, byte[] Payload)> ReceiveAsync()
    {
        byte[] head = await ReadExactlyAsync(2);
        int length = head[1] switch
        {
            126 => BinaryPrimitives.ReadUInt16BigEndian(await ReadExactlyAsync(2)),
            127 => (int)BinaryPrimitives.ReadUInt64BigEndian(await ReadExactlyAsync(8)),
            byte small => small,
        };
        return (head[0] & 0x0F, await ReadExactlyAsync(length));
    }

    public void Dispose()
    {
        stream?.Dispose();
        socket.Dispose();
    }

    private async Task<byte[]> ReadExactlyAsync(int count)
    {
        byte[] bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return bytes;
    }

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
            head.Append((char)(await ReadExactlyAsync(1))[0]);
        return head.ToString();
    }
}
