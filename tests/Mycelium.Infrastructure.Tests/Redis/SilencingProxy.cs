using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>Stands between a client and a local server, and makes half-open sockets of their connections: open for both sides, and nothing passes any more.</summary>
internal sealed class SilencingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<TcpClient> sockets = [];
    private readonly int port;
    private int silencedBefore; // Connections with a lower number are silent.
    private int count;

    public SilencingProxy(int port)
    {
        this.port = port;
        listener.Start();
        _ = AcceptAsync();
    }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>Those of now. New connections work.</summary>
    public void SilenceConnections() => Volatile.Write(ref silencedBefore, Volatile.Read(ref count));

    public void Dispose()
    {
        stopping.Cancel();
        listener.Stop();
        foreach (TcpClient socket in sockets)
            socket.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            TcpClient client = await listener.AcceptTcpClientAsync(stopping.Token);
            var server = new TcpClient();
            sockets.Add(client);
            sockets.Add(server);
            await server.ConnectAsync(IPAddress.Loopback, port);
            int number = Interlocked.Increment(ref count) - 1;
            _ = PumpAsync(number, client.GetStream(), server.GetStream());
            _ = PumpAsync(number, server.GetStream(), client.GetStream());
        }
    }

    private async Task PumpAsync(int number, NetworkStream from, NetworkStream to)
    {
        byte[] buffer = new byte[16_384];
        while (await from.ReadAsync(buffer, stopping.Token) is > 0 and int read)
        {
            if (number >= Volatile.Read(ref silencedBefore))
                await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
    }
}
