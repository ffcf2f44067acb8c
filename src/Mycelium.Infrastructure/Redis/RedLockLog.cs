using Microsoft.Extensions.Logging;
using RedLockNet.SERedis;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// What RedLock.net logs: warnings and errors go to our log. The reason why a master refused a lock, such as <c>NOAUTH</c>, <c>READONLY</c> or <c>OOM</c>, is a
/// debug message of RedLock.net and would repeat with every lock, so the last one is only kept here. For one thread: the probes.
/// </summary>
internal sealed class RedLockLog(ILoggerFactory loggers) : ILoggerFactory
{
    private const int ReturnedMax = 10; // An outage has one or two reasons; whatever the masters say, it does not fill the log.
    private readonly HashSet<string> returned = [];
    private readonly Filter filter = new(loggers.CreateLogger<RedLock>());

    /// <summary>
    /// The address and the message of the last master that refused a lock, or null when there was none or one like it was returned since the last reset.
    /// Messages that differ only in numbers are treated as one.
    /// </summary>
    public string? TakeNewRefusal() =>
        filter.TakeLastRefusal() is { } refusal && returned.Count < ReturnedMax
            && returned.Add(string.Concat(refusal.Where(letter => !char.IsAsciiDigit(letter))))
                ? refusal
                : null;

    public void Reset()
    {
        filter.TakeLastRefusal();
        returned.Clear();
    }

    public ILogger CreateLogger(string categoryName) => filter;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Filter(ILogger log) : ILogger
    {
        private const string Refused = "Error locking lock instance "; // Followed by the master's address and its message.
        private string? lastRefusal;

        public string? TakeLastRefusal() => Interlocked.Exchange(ref lastRefusal, null);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                log.Log(logLevel, eventId, state, exception, formatter);
            else if (logLevel == LogLevel.Debug && formatter(state, exception) is var message && message.StartsWith(Refused, StringComparison.Ordinal))
                Volatile.Write(ref lastRefusal, message[Refused.Length..]);
        }
    }
}
