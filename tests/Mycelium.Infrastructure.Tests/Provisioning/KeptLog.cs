using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>Keeps what the service's own classes log, with the failures, as a log file would.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> lines = [];

    public string Text => string.Join('\n', lines);

    public ILogger CreateLogger(string categoryName) => new Logger(lines, categoryName.StartsWith("Mycelium.", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Logger(ConcurrentQueue<string> lines, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => isOurs;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (isOurs)
                lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
