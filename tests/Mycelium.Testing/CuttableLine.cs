using System.Net;
using System.Net.Sockets;

namespace Mycelium.Testing;

/// <summary>A TCP line to a server that can be cut and joined again. Cutting it breaks open connections and refuses new ones.</summary>
public sealed class CuttableLine : IAsyncDisposable
{
    private readonly Uri server;
    private readonly List<Socket> open = [];
    private readonly List<Task> running = [];
    private TcpListener? listener;

    private CuttableLine(Uri server, int port)
    {
        this.server = server;
        Address = new UriBuilder(server) { Port = port }.Uri;
    }

    /// <summary>The address that a client connects to instead of the server.</summary>
    public Uri Address { get; }

    public static CuttableLine To(Uri server)
    {
        var line = new CuttableLine(server, FreePort.Next());
        line.Join();
        return line;
    }

    public void Join()
    {
        listener = new TcpListener(IPAddress.Loopback, Address.Port);
        listener.Start();
        running.Add(AcceptAsync(listener));
    }

    public void Cut()
    {
        listener?.Dispose();
        lock (open)
        {
            foreach (Socket end in open)
                end.Close(0); // A reset, as from a lost network, rather than an orderly close.
            open.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Cut();
        await Task.WhenAll(running);
    }

    private async Task AcceptAsync(TcpListener from)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await from.AcceptSocketAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // Cut.
            }
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
        lock (open)
            open.AddRange([client, target]);
        try
        {
            await target.ConnectAsync(IPAddress.Loopback, server.Port);
            await using var near = new NetworkStream(client, ownsSocket: true);
            await using var far = new NetworkStream(target);
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception exception) when (exception is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            client.Dispose(); // Either end has closed, or the line was cut.
        }
    }
}
