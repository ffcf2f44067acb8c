using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Coordination;
using StackExchange.Redis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// One connection to each of the independent masters. StackExchange.Redis reconnects on its own: when a socket closes, and when commands time out on one that
/// has been silent for more than a second, as a half-open socket is.
/// </summary>
public sealed partial class RedisMasters : IAsyncDisposable
{
    private readonly CoordinationOptions options;
    private readonly ILogger logger;
    private readonly Task<ConnectionMultiplexer[]> opening;
    private volatile ConnectionMultiplexer[] opened = [];

    public RedisMasters(IOptions<CoordinationOptions> options, ILogger<RedisMasters> logger)
    {
        if (options.Value.Problem() is { } problem)
            throw new OptionsValidationException(CoordinationOptions.Section, typeof(CoordinationOptions), [problem]);
        (this.options, this.logger) = (options.Value, logger);
        opening = OpenAllAsync();
    }

    /// <summary>Connections that are up at this moment.</summary>
    internal IEnumerable<ConnectionMultiplexer> Connected => opened.Where(master => master.IsConnected);

    /// <summary>Whether one master at least is connected at this moment.</summary>
    public bool IsAnyConnected => Connected.Any();

    /// <summary>All connections. Completes within seconds; a master that is down connects when it is up again.</summary>
    internal Task<ConnectionMultiplexer[]> OpenAsync() => opening;

    public async ValueTask DisposeAsync()
    {
        foreach (ConnectionMultiplexer master in await opening)
            await master.CloseAsync(allowCommandsToComplete: false);
    }

    private async Task<ConnectionMultiplexer[]> OpenAllAsync() => opened = await Task.WhenAll(options.MasterList().Select(OpenAsync)).ConfigureAwait(false);

    private async Task<ConnectionMultiplexer> OpenAsync(string address)
    {
        int timeout = (int)options.CallTimeout.TotalMilliseconds;
        var configuration = new ConfigurationOptions
        {
            AbortOnConnectFail = false, // Start even when the master is down.
            AsyncTimeout = timeout,
            SyncTimeout = timeout,
            HeartbeatInterval = options.CallTimeout, // Overdue calls are only noticed at a heartbeat, by default once a second.
            BacklogPolicy = BacklogPolicy.FailFast, // By the time of a reconnect the caller no longer waits for its lock.
            ClientName = "mycelium",
            ConfigurationChannel = "",
            ConnectRetry = 1,
            ConnectTimeout = 1_000,
            IncludeDetailInExceptions = false,
            KeepAlive = 5, // Seconds. A connection that only listens has no other commands to time out.
            Password = options.Password,
            ReconnectRetryPolicy = new LinearRetry(1_000),
            TieBreaker = "",
        };
        configuration.EndPoints.Add(address);
        ConnectionMultiplexer master = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        master.ConnectionFailed += (_, failed) =>
        {
            // One line, not one for each retry.
            if (failed.ConnectionType == ConnectionType.Interactive && failed.FailureType != ConnectionFailureType.UnableToConnect)
                LogLost(address, failed.FailureType);
        };
        master.ConnectionRestored += (_, restored) =>
        {
            if (restored.ConnectionType == ConnectionType.Interactive)
                LogRestored(address);
        };
        if (!master.IsConnected)
            LogLost(address, ConnectionFailureType.UnableToConnect);
        return master;
    }

    [LoggerMessage(LogLevel.Warning, "No connection to Redis master {Address}: {Reason}")]
    private partial void LogLost(string address, ConnectionFailureType reason);

    [LoggerMessage(LogLevel.Information, "Connected to Redis master {Address} again")]
    private partial void LogRestored(string address);
}
