using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Pays farmers as time passes: what rentals earned until the last midnight (UTC) from escrow into their earnings, and earnings of months that are over into
/// their wallets. What is due stays due, however long nobody did this. Any number of replicas may do it at once (<c>post_earnings.sql</c>).
/// </summary>
public sealed class PostEarnings(Transactions transactions)
{
    /// <summary>Rentals or farmers in one transaction: their rows are locked for some tenths of a second.</summary>
    private const int Batch = 500;

    /// <summary>
    /// Nothing is posted on the first day of a release: a replica of the one before cannot end a rental of which something was posted. Both ends are as of a
    /// while ago, since a quote for cancelling counts from up to some minutes ago. The month is the one that ended last: earnings of earlier ones that were
    /// not settled are part of it.
    /// </summary>
    private const string Ends = """
        SELECT date_trunc('day', past, 'UTC'), date_trunc('month', past, 'UTC'),
               EXISTS (SELECT FROM schema_definitions WHERE name = 'Billing.post_earnings' AND applied_at < past - interval '1 day')
        FROM (SELECT market_now() - interval '10 minutes' AS past) AS clock
        """;

    /// <returns>Rentals whose earnings were posted, and farmers whose month was settled.</returns>
    public async Task<(int Posted, int Settled)> Execute(CancellationToken cancellation)
    {
        (DateTimeOffset day, DateTimeOffset month, bool isUpgraded) =
            await transactions.RunAsync(connection => ReadEndsAsync(connection, cancellation), cancellation).ConfigureAwait(false);
        if (!isUpgraded)
            return (0, 0);
        int posted = await AllAsync("SELECT post_earnings($1, $2)", day, cancellation).ConfigureAwait(false);
        return (posted, await AllAsync("SELECT settle_earnings($1, $2)", month, cancellation).ConfigureAwait(false));
    }

    private static async Task<(DateTimeOffset Day, DateTimeOffset Month, bool IsUpgraded)> ReadEndsAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Ends);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1), row.GetBoolean(2)), cancellation)
            .ConfigureAwait(false))[0];
    }

    private async Task<int> AllAsync(string sql, DateTimeOffset until, CancellationToken cancellation)
    {
        int total = 0;
        int done;
        do
        {
            done = await transactions.RunAsync(
                async connection =>
                {
                    await using NpgsqlBatch batch = connection.Send(sql, until, Batch); // A transaction of its own.
                    await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                    return (await reader.RowsAsync(row => row.GetInt32(0), cancellation).ConfigureAwait(false))[0];
                },
                cancellation).ConfigureAwait(false);
            total += done;
        }
        while (done > 0);
        return total;
    }
}

/// <summary>Posts earnings. It looks every five minutes, and finds something to do once a day.</summary>
public sealed class EarningsJob(PostEarnings post, JobRuns runs, TimeProvider clock, ILogger<EarningsJob> logger)
    : PeriodicJob("post_earnings", runs, clock, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromMinutes(5);

    protected override Task RunAsync(CancellationToken cancellation) => post.Execute(cancellation);
}
