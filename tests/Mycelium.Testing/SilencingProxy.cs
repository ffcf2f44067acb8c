using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Mycelium.Testing;

/// <summary>
/// A proxy between a client and a local server that can turn their connections into half-open sockets: open on both sides, but nothing passes.
/// </summary>
public sealed class SilencingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<TcpClient> sockets = [];
    private readonly int port;
    private int silencedBefore; // Connections with a lower number are silenced.
    private int count;

    public SilencingProxy(int port)
    {
        this.port = port;
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>The number of connections accepted so far.</summary>
    public int ConnectionCount => Volatile.Read(ref count);

    /// <summary>Silences the current connections. New ones work.</summary>
    public void SilenceConnections() => Volatile.Write(ref silencedBefore, Volatile.Read(ref count));

    /// <summary>Silences all current and future connections, until <see cref="SilenceConnections"/>.</summary>
    public void SilenceAll() => Volatile.Write(ref silencedBefore, int.MaxValue);

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
            _ = PumpAsync(number, client, server);
            _ = PumpAsync(number, server, client);
        }
    }

    private async Task PumpAsync(int number, TcpClient from, TcpClient to)
    {
        byte[] buffer = new byte[16_384];
        while (await from.GetStream().ReadAsync(buffer, stopping.Token) is > 0 and int read)
        {
            if (number >= Volatile.Read(ref silencedBefore))
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read), stopping.Token);
        }
        to.Dispose(); // So that the server keeps no session for a client that has disconnected.
    }
}
