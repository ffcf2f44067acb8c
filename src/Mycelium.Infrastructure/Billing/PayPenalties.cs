using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Pays renters what farmers lacked when they ended their rentals: from what the farmers have earned or paid in since, and in advance from the platform's own
/// money, which the farmers then owe. Any number of replicas may do it at once (<c>penalties.sql</c>).
/// </summary>
public sealed class PayPenalties(Transactions transactions)
{
    /// <summary>Penalties in one transaction: the wallets of both sides are locked for some milliseconds each. Few are ever unpaid.</summary>
    private const int Batch = 100;

    /// <returns>How many penalties were looked at.</returns>
    public Task<int> Execute(CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send("SELECT pay_penalties($1)", Batch); // A transaction of its own.
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return (await reader.RowsAsync(row => row.GetInt32(0), cancellation).ConfigureAwait(false))[0];
        },
        cancellation);
}

/// <summary>Pays penalties that could not be paid at once, every ten minutes.</summary>
public sealed class PenaltiesJob(PayPenalties pay, JobRuns runs, TimeProvider clock, ILogger<PenaltiesJob> logger)
    : PeriodicJob("pay_penalties", runs, clock, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromMinutes(10);

    protected override Task RunAsync(CancellationToken cancellation) => pay.Execute(cancellation);
}
