using Microsoft.Extensions.Logging;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Jobs;
using Npgsql;

namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Makes the months of uptime samples to come and drops those that have left the window, of whatever grid. Every replica may run it; one at a time works.
/// </summary>
public sealed class SampleRetention(NpgsqlDataSource database, JobRuns runs, TimeProvider clock, ILogger<SampleRetention> logger)
    : PeriodicJob("keep_samples", runs, clock, logger)
{
    /// <summary>Beyond the window, a day: replicas compute it with clocks of their own. The database keeps as much, whatever is asked for.</summary>
    private static readonly TimeSpan Kept = Uptime.Window + TimeSpan.FromDays(1);

    /// <summary>Rows deleted in one transaction, of those that no month was made for: well under the statement timeout.</summary>
    private const int Batch = 10_000;

    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override bool RunsAtStart => true;

    /// <summary>One run. Returns how many rows were deleted, those of dropped months aside.</summary>
    public async Task<int> KeepAsync(CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            await using NpgsqlCommand command = database.CreateCommand("SELECT keep_samples($1, $2)");
            command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Kept });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
            int count = (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
            total += count;
            if (count == 0)
                return total;
        }
    }

    protected override Task RunAsync(CancellationToken cancellation) => KeepAsync(cancellation);
}
