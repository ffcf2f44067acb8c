using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>Watching: is it there, is it still the one that we know, does it need a new connection.</summary>
internal sealed partial class RedisMaster
{
    /// <summary>The watchdog is no hot path, so it is more patient than a call.</summary>
    private static readonly TimeSpan WatchdogTimeout = TimeSpan.FromMilliseconds(500);

    private async Task WatchAsync()
    {
        using var ticks = new PeriodicTimer(options.WatchdogPeriod, clock);
        try
        {
            do
                await LookAsync().ConfigureAwait(false);
            while (await ticks.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (connection is null || (Volatile.Read(ref missCount) >= options.WatchdogMissesMax && IsRebuildDue()))
                await RebuildAsync().ConfigureAwait(false);
            Verify(await InfoAsync().ConfigureAwait(false));
            if (Interlocked.Exchange(ref missCount, 0) >= options.WatchdogMissesMax)
                LogReached(Address);
        }
        catch (Exception failure) // Whatever it was: a watchdog that ends leaves the master out for ever.
        {
            stopping.Token.ThrowIfCancellationRequested();
            if (Interlocked.Increment(ref missCount) == options.WatchdogMissesMax)
                LogLost(Address, failure.Message);
        }
    }

    private bool IsRebuildDue() => rebuiltAt is not { } last || clock.GetElapsedTime(last) >= options.RebuildPeriod;

    private async Task RebuildAsync()
    {
        rebuiltAt = clock.GetTimestamp();
        isVerified = false;
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false, // Starting beside a dead master must work; the connection comes up when the master does.
            AllowAdmin = true, // INFO counts as such.
            BacklogPolicy = BacklogPolicy.FailFast, // A lock that is asked for after a reconnect is asked for by nobody any more.
            ClientName = "mycelium",
            ConnectRetry = 1,
            ConnectTimeout = 1_000,
            IncludeDetailInExceptions = false,
            KeepAlive = 5,
            Password = options.Password,
            ReconnectRetryPolicy = new LinearRetry(1_000),
            SyncTimeout = 1_000,
            TieBreaker = "",
            ConfigurationChannel = "",
        };
        configuration.EndPoints.Add(await ResolveAsync().ConfigureAwait(false));

        Task<ConnectionMultiplexer> connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        Forget(connecting);
        ConnectionMultiplexer built = await connecting.WaitAsync(TimeSpan.FromSeconds(5), clock, stopping.Token).ConfigureAwait(false);
        built.ConnectionFailed += (_, failed) =>
        {
            if (failed.ConnectionType == ConnectionType.Interactive)
                isVerified = false; // Whatever answers next may be another process: no vote before we asked.
        };
        Drop(Interlocked.Exchange(ref connection, built));

        lock (subscriptions)
        {
            foreach ((string channel, Action<RedisValue> handler) in subscriptions)
                Listen(built, channel, handler);
        }
    }

    private async Task<string> InfoAsync()
    {
        Task<RedisResult> asking = connection!.GetDatabase().ExecuteAsync("INFO", "server");
        Forget(asking);
        return (string?)await asking.WaitAsync(WatchdogTimeout, clock, stopping.Token).ConfigureAwait(false) ?? "";
    }

    private void Verify(string info)
    {
        string found = Field(info, "run_id:");
        if (found != runId)
        {
            // Redis subtracts one whole second from another: what it tells may be up to a second more than it was.
            var up = TimeSpan.FromSeconds(Math.Max(0, long.Parse(Field(info, "uptime_in_seconds:"), CultureInfo.InvariantCulture) - 1));
            if (up < options.LockTtl)
            {
                // Locks given before the start may live for as long as a lock lives; what passed since the start counts.
                Interlocked.Exchange(ref quarantinedUntil, clock.GetTimestamp() + (long)((options.LockTtl - up).TotalSeconds * clock.TimestampFrequency));
                LogQuarantined(Address, options.LockTtl - up);
            }
            runId = found;
        }
        isVerified = true;
    }

    private static string Field(string info, string name)
    {
        int start = info.IndexOf(name, StringComparison.Ordinal);
        if (start < 0)
            throw new InvalidDataException($"INFO server tells no {name}");
        start += name.Length;
        int end = info.AsSpan(start).IndexOfAny('\r', '\n');
        return end < 0 ? info[start..] : info.Substring(start, end);
    }

    [LoggerMessage(LogLevel.Warning, "Redis master {Address} does not answer: {Reason}")]
    private partial void LogLost(string address, string reason);

    [LoggerMessage(LogLevel.Information, "Redis master {Address} answers again")]
    private partial void LogReached(string address);

    [LoggerMessage(LogLevel.Information, "Redis master {Address} has started lately and gets no vote for {Time}")]
    private partial void LogQuarantined(string address, TimeSpan time);
}
