using System.Globalization;

namespace Mycelium.Testing;

/// <summary>A private Redis on a free port, without persistence: a restart loses all data.</summary>
public sealed class RedisServer : IDisposable
{
    private ChildProcess process = null!;

    private RedisServer(int port) => Port = port;

    public int Port { get; }
    public int ProcessId => process.Id;
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer(FreePort.Next());
        await server.RestartAsync();
        return server;
    }

    public static async Task<RedisServer[]> StartAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StartAsync()));

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => process.Kill();

    /// <summary>Sends SIGSTOP: connections stay open and the server stops responding.</summary>
    public void Pause() => process.Signal("STOP");

    public void Resume() => process.Signal("CONT");

    /// <summary>Starts the server after <see cref="Kill"/>, on the same port, empty.</summary>
    public async Task RestartAsync()
    {
        process = ChildProcess.Start("redis-server",
            [
                "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1",
                "--save", "", "--appendonly", "no", "--enable-debug-command", "local",
            ]);
        await process.WaitForLineAsync(line => line.Contains("Ready to accept connections", StringComparison.Ordinal));
    }

    /// <summary>Runs one command with <c>redis-cli</c> and returns its output.</summary>
    public Task<string> CommandAsync(params string[] command) =>
        ChildProcess.RunAsync("redis-cli", ["-p", Port.ToString(CultureInfo.InvariantCulture), .. command], deadline: TimeSpan.FromSeconds(10));

    public void Dispose() => process.Dispose();
}
