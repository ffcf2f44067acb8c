using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>Deletes events past their time, oldest first, so that what is left has no gap. Every replica may run it.</summary>
public sealed class EventRetention(NpgsqlDataSource database, IOptions<EventOptions> options, JobRuns runs, TimeProvider clock, ILogger<EventRetention> logger)
    : PeriodicJob("forget_events", runs, clock, logger)
{
    /// <summary>Rows deleted in one transaction: well under the statement timeout.</summary>
    private const int Batch = 5_000;

    protected override TimeSpan Interval => options.Value.RetentionPeriod;

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

    protected override Task RunAsync(CancellationToken cancellation) => ForgetAsync(cancellation);
}
