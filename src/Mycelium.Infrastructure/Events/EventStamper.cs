using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// Gives committed events their dense numbers and tells all replicas. Runs on every replica; PostgreSQL lets one at a time do it (<c>stamp_events</c>), so there is
/// no leader to elect and none to lose. Transactions for many rentals number their own when they can, and leave nothing to do here.
/// </summary>
public sealed partial class EventStamper(
    NpgsqlDataSource database, EventSignals signals, EventNews news, IOptions<EventOptions> options, TimeProvider clock, ILogger<EventStamper> logger) : BackgroundService
{
    /// <summary>Numbers everything that has been committed. Returns how many events that were.</summary>
    public async Task<int> StampAsync(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            (int count, long last) = await StampBatchAsync(cancellation).ConfigureAwait(false);
            total += count;
            if (count > 0)
                news.Stamped(last - count + 1, last);
            if (count < options.Value.StampBatch)
                return total;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StampAsync(stoppingToken).ConfigureAwait(false);
                await signals.WaitForCommitted(options.Value.StampPeriod, clock, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailed(exception);
                await Task.Delay(options.Value.StampPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<(int Count, long Last)> StampBatchAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT stamped, up_to FROM stamp_events($1)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.StampBatch });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? (reader.GetInt32(0), reader.GetInt64(1)) : (0, 0);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Events could not be numbered; trying again.")]
    private partial void LogFailed(Exception exception);
}
