using System.Net.Sockets;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>Sends <c>FLUSHALL</c> to every master in a loop, as fast as they respond.</summary>
internal sealed class Flushing : IDisposable
{
    private static readonly byte[] command = "FLUSHALL\r\n"u8.ToArray();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] loops;
    private long count;

    public Flushing(IEnumerable<RedisServer> masters) => loops = [.. masters.Select(master => Task.Run(() => FlushAsync(master.Port)))];

    /// <summary>The number of confirmed flushes.</summary>
    public long Count => Interlocked.Read(ref count);

    /// <summary>Waits until each master has been flushed once on average.</summary>
    public Task HappensAsync() => Eventually.HoldsAsync(() => Count >= loops.Length, "masters are flushed");

    /// <summary>Stops, and throws the exception of a loop that failed.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await Task.WhenAll(loops);
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task FlushAsync(int port)
    {
        CancellationToken cancellation = stopping.Token;
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellation);
        NetworkStream stream = client.GetStream();
        byte[] answer = new byte[64];
        try
        {
            while (true)
            {
                await stream.WriteAsync(command, cancellation);
                int read = await stream.ReadAsync(answer, cancellation);
                if (!answer.AsSpan(0, read).StartsWith("+OK"u8))
                    throw new InvalidOperationException("FLUSHALL was refused.");
                Interlocked.Increment(ref count);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
