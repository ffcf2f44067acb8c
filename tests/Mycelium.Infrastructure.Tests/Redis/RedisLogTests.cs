using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Coordination;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

/// <summary>What an operator reads in the log when masters refuse to lock.</summary>
public sealed class RedisLogTests : IAsyncLifetime
{
    private readonly LogLines log = new();
    private RedisServer server = null!;

    public async Task InitializeAsync() => server = await RedisServer.StartAsync();

    public Task DisposeAsync()
    {
        server.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_master_that_refuses_to_lock_is_logged_once_with_its_reason()
    {
        await using var rig = new RedisRig([server.Address], RedisRig.Impatient(), loggers: log);
        await rig.ModeBecomesAsync(TurnMode.Redlock);

        await server.CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.Contains("OOM", StringComparison.Ordinal)), "the reason is logged");
        await RefusedAsync(probes: 5);
        await server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await rig.ModeBecomesAsync(TurnMode.Redlock);

        Assert.Single(log.Lines, line => line.Contains("OOM", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_missing_password_is_logged_as_such()
    {
        await server.CommandAsync("CONFIG", "SET", "requirepass", "secret");

        await using var rig = new RedisRig([server.Address], RedisRig.Impatient(), loggers: log);

        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.Contains("NOAUTH", StringComparison.Ordinal)), "the reason is logged");
    }

    /// <summary>Waits until the master has refused a few more probes.</summary>
    private async Task RefusedAsync(int probes)
    {
        int before = await CountAsync();
        await Eventually.HoldsAsync(async () => await CountAsync() >= before + probes, "probes are refused");

        async Task<int> CountAsync()
        {
            string statistics = await server.CommandAsync("INFO", "errorstats");
            string line = statistics.Split('\n').Single(line => line.StartsWith("errorstat_OOM:count=", StringComparison.Ordinal));
            return int.Parse(line.Trim()["errorstat_OOM:count=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Keeps what is logged from Information up.</summary>
    private sealed class LogLines : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Lines => lines;

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                lines.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
