using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>Deletes events past their time, oldest first, so that what is left has no gap. Every replica may run it.</summary>
public sealed partial class EventRetention(NpgsqlDataSource database, IOptions<EventOptions> options, TimeProvider clock, ILogger<EventRetention> logger)
    : BackgroundService
{
    /// <summary>Rows deleted in one transaction: well under the statement timeout.</summary>
    private const int Batch = 5_000;

    /// <summary>Deletes all that is older than the retention, by the database's clock. Returns how many events that were.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            await using NpgsqlCommand command = database.CreateCommand("SELECT forget_old_events($1, $2)");
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Retention });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
            int count = (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            total += count;
            if (count == 0)
                return total;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.RetentionPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ForgetAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old events could not be deleted; trying again.")]
    private partial void LogFailed(Exception exception);
}
