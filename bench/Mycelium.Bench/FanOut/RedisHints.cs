using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Mycelium.Bench.FanOut;

/// <summary>Publishes the hint that a replica publishes when it has numbered events. See <c>RedisSignal</c> and <c>Channels</c>.</summary>
internal sealed class RedisHints : IDisposable
{
    private const string Channel = "myc:default:events:stamped";
    private readonly TcpClient client = new() { NoDelay = true };
    private readonly byte[] answer = new byte[256];

    public static async Task<RedisHints> ConnectAsync(string address)
    {
        var hints = new RedisHints();
        await hints.client.ConnectAsync(System.Net.IPEndPoint.Parse(address));
        return hints;
    }

    public async Task PublishAsync(long first, long last)
    {
        string hint = string.Create(CultureInfo.InvariantCulture, $"{first}-{last}");
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"PUBLISH {Channel} {hint}\r\n")));
        int length = await stream.ReadAsync(answer);
        if (length < 2 || answer[0] != ':' || answer[1] == '0')
            throw new InvalidOperationException($"Nobody listens to {Channel}: {Encoding.ASCII.GetString(answer, 0, length)}");
    }

    public void Dispose() => client.Dispose();
}
