using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>A client on a TCP socket that only reads when told to: for what a well-behaved client would not do.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8 * 1024 };

    private RawHttp()
    {
    }

    public static async Task<RawHttp> PostAsync(TransportServer server, string query, string accept)
    {
        var client = new RawHttp();
        await client.socket.ConnectAsync(IPAddress.Loopback, server.Address.Port);
        string body = JsonSerializer.Serialize(new { query });
        await client.socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST {server.Address.AbsolutePath} HTTP/1.1\r\nHost: {server.Address.Authority}\r\nConnection: "
                + $"close\r\nAccept: {accept}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));
        return client;
    }

    /// <summary>Reads until the server ends the connection in any way.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20))) > 0)
                text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            // Reset.
        }
        return text.ToString();
    }

    public void Dispose() => socket.Dispose();
}
