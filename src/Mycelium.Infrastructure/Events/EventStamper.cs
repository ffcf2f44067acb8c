using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// Gives committed events their dense numbers and notifies all replicas. Runs on every replica; PostgreSQL lets one at a time do it (<c>stamp_events</c>), so
/// there is no leader to elect or to lose. Transactions for many rentals number their own when they can, and leave nothing to do here.
/// </summary>
public sealed class EventStamper(
    NpgsqlDataSource database, CommitSignal commits, EventNews news, IOptions<EventOptions> options, JobRuns runs, TimeProvider clock,
    ILogger<EventStamper> logger)
    : PeriodicJob("stamp_events", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.StampPeriod;

    protected override bool RunsAtStart => true;

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

    protected override Task RunAsync(CancellationToken cancellation) => StampAsync(cancellation);

    protected override Task WaitAsync(CancellationToken cancellation) => commits.WaitAsync(Interval, Clock, cancellation);

    private async Task<(int Count, long Last)> StampBatchAsync(CancellationToken cancellation)
    {
        await using NpgsqlCommand command = database.CreateCommand("SELECT stamped, up_to FROM stamp_events($1)");
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = options.Value.StampBatch });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? (reader.GetInt32(0), reader.GetInt64(1)) : (0, 0);
    }
}
