using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>A way to a PostgreSQL on which, when it is armed, the answer to the next <c>COMMIT</c> is lost together with the connection.</summary>
internal sealed class LostAnswers : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly NpgsqlConnectionStringBuilder behind;
    private readonly Task accepting;
    private int armed;

    public LostAnswers(string connectionString)
    {
        behind = new NpgsqlConnectionStringBuilder(connectionString);
        listener.Start();
        accepting = AcceptAsync();
    }

    public string ConnectionString =>
        new NpgsqlConnectionStringBuilder(behind.ConnectionString) { Port = ((IPEndPoint)listener.LocalEndpoint).Port }.ConnectionString;

    public bool IsArmed => Volatile.Read(ref armed) == 1;

    public void Arm() => Volatile.Write(ref armed, 1);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true)
                carrying.Add(CarryAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            // The end.
        }
        await Task.WhenAll(carrying);
    }

    private async Task CarryAsync(TcpClient accepted)
    {
        using TcpClient client = accepted;
        using var server = new TcpClient();
        await server.ConnectAsync(behind.Host!, behind.Port);
        bool isLosing = false;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        Task there = CopyAsync(client, server, sent =>
        {
            if (sent.IndexOf("COMMIT"u8) >= 0 && Interlocked.Exchange(ref armed, 0) == 1)
                Volatile.Write(ref isLosing, true);
            return Passing.On;
        }, ended.Token);
        // ReadyForQuery, and no transaction is open: the commit has succeeded.
        Task back = CopyAsync(
            server, client, received => !Volatile.Read(ref isLosing) ? Passing.On : received.EndsWith("Z\0\0\0\u0005I"u8) ? Passing.End : Passing.Nothing,
            ended.Token);
        await Task.WhenAny(there, back);
        await ended.CancelAsync();
        await Task.WhenAll(there, back);
    }

    private static async Task CopyAsync(TcpClient from, TcpClient to, Func<ReadOnlySpan<byte>, Passing> look, CancellationToken ended)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await from.GetStream().ReadAsync(buffer, ended)) > 0)
            {
                Passing passing = look(buffer.AsSpan(0, count));
                if (passing == Passing.End)
                    return;
                if (passing == Passing.On)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), ended);
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            // One of the two has closed.
        }
    }

    private enum Passing
    {
        On,
        Nothing,
        End,
    }
}
