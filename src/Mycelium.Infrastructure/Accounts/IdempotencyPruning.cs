using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Deletes keys past their life, oldest first. Every replica may run it: each takes rows that no other has taken.</summary>
public sealed class IdempotencyPruning(
    NpgsqlDataSource database, IOptions<IdempotencyOptions> options, JobRuns runs, TimeProvider clock, ILogger<IdempotencyPruning> logger)
    : PeriodicJob("prune_idempotency_keys", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.PrunePeriod;

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

    protected override Task RunAsync(CancellationToken cancellation) => PruneAsync(cancellation);
}
