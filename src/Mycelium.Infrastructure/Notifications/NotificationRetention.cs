using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;
using Npgsql;

namespace Mycelium.Infrastructure.Notifications;

/// <summary>Deletes old notifications and makes the tables of the months to come. Every replica may run it; one at a time does the work.</summary>
public sealed class NotificationRetention(
    NpgsqlDataSource database, IOptions<NotificationOptions> options, JobRuns runs, TimeProvider clock, ILogger<NotificationRetention> logger)
    : PeriodicJob("keep_notifications", runs, clock, logger)
{
    /// <summary>Rows of each sort deleted in one transaction: well under the statement timeout.</summary>
    private const int Batch = 5_000;

    protected override TimeSpan Interval => options.Value.RetentionPeriod;

    protected override bool RunsAtStart => true;

    /// <summary>One run. Returns how many rows were deleted, those of dropped months aside.</summary>
    public async Task<int> KeepAsync(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            await using NpgsqlCommand command = database.CreateCommand("SELECT keep_notifications($1, $2, $3)");
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Retention });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.PerAccount });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
            int count = (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            total += count;
            if (count == 0)
                return total;
        }
    }

    protected override Task RunAsync(CancellationToken cancellation) => KeepAsync(cancellation);
}
