using Microsoft.Extensions.Logging;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Payments;

/// <summary>
/// Pays debts out of wallets into which something has come in the meantime, such as earnings or what a rental gave back. Deposits and payments do so at once.
/// Any number of replicas may do it at once (<c>pay_debts</c>).
/// </summary>
public sealed class PayDebts(Transactions transactions)
{
    /// <summary>Accounts in one transaction: their wallets are locked for some milliseconds. Few accounts owe anything.</summary>
    private const int Batch = 100;

    /// <returns>How many accounts paid something.</returns>
    public Task<int> Execute(CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send("SELECT pay_debts($1)", Batch); // A transaction of its own.
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return (await reader.RowsAsync(row => row.GetInt32(0), cancellation).ConfigureAwait(false))[0];
        },
        cancellation);
}

/// <summary>Pays debts, every minute.</summary>
public sealed class DebtsJob(PayDebts pay, JobRuns runs, TimeProvider clock, ILogger<DebtsJob> logger) : PeriodicJob("pay_debts", runs, clock, logger)
{
    protected override TimeSpan Interval => TimeSpan.FromMinutes(1);

    protected override Task RunAsync(CancellationToken cancellation) => pay.Execute(cancellation);
}
