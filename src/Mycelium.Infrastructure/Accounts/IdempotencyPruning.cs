using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Deletes keys past their life, oldest first. Every replica may run it: each takes rows that no other has taken.</summary>
public sealed partial class IdempotencyPruning(NpgsqlDataSource database, IOptions<IdempotencyOptions> options, TimeProvider clock, ILogger<IdempotencyPruning> logger)
    : BackgroundService
{
    /// <summary>One pass. Returns how many keys were deleted.</summary>
    public async Task<int> PruneAsync(CancellationToken cancellation)
    {
        int total = 0;
        for (int batch = 0; batch < options.Value.PruneBatchesMax; batch++)
        {
            await using NpgsqlCommand command = database.CreateCommand("SELECT prune_idempotency_keys($1, $2)");
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Life });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.PruneBatch });
            int count = (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            total += count;
            if (count < options.Value.PruneBatch)
                break;
        }
        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.PrunePeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await PruneAsync(stoppingToken).ConfigureAwait(false);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old idempotency keys could not be deleted; trying again.")]
    private partial void LogFailed(Exception exception);
}
