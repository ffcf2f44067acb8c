using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>Counts all money twice, in one statement and so at one instant (<c>reconcile.sql</c>). It reads the whole ledger.</summary>
public sealed class Reconcile
{
    private const string Read = "SELECT kind, posted, counted FROM reconcile()";

    private const string ReadRest = "SELECT market_now(), coalesce(sum(received), 0)::bigint FROM payments WHERE account_id IS NULL";

    private readonly NpgsqlDataSource database;
    private long? difference;

    public Reconcile(NpgsqlDataSource database, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        this.database = database;
        meters.CreateMycelium().CreateObservableGauge(
            "mycelium_ledger_difference", () => difference is { } last ? [new Measurement<long>(last)] : Array.Empty<Measurement<long>>(),
            description: "Micro-dollars that postings differ from what they are for, at the last count; 0, or something is broken");
    }

    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public async Task<Reconciliation> Execute(CancellationToken cancellation)
    {
        Reconciliation counted = await database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(Read).Then(ReadRest);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                List<ReconciledAccount> accounts = await reader.RowsAsync(
                    row => new ReconciledAccount(
                        Enum.Parse<LedgerAccountKind>(row.GetString(0)), MicroUsd.From(row.GetInt64(1)), MicroUsd.From(row.GetInt64(2))),
                    cancellation).ConfigureAwait(false);
                (DateTimeOffset asOf, long unassigned) = (await reader.RowsAsync(
                    row => (row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1)), cancellation).ConfigureAwait(false))[0];
                return new Reconciliation(asOf, [.. accounts.OrderBy(account => account.Kind)], MicroUsd.From(unassigned));
            },
            cancellation).ConfigureAwait(false);
        difference = counted.Difference.Value;
        return counted;
    }
}

/// <summary>Counts every hour, for the metric.</summary>
public sealed partial class ReconciliationJob(Reconcile reconcile, JobRuns runs, TimeProvider clock, ILogger<ReconciliationJob> logger)
    : PeriodicJob("reconcile", runs, clock, logger)
{
    private readonly ILogger<ReconciliationJob> log = logger;

    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override async Task RunAsync(CancellationToken cancellation)
    {
        Reconciliation counted = await reconcile.Execute(cancellation).ConfigureAwait(false);
        foreach (ReconciledAccount account in counted.Accounts.Where(account => account.Difference != MicroUsd.Zero))
            LogDifference(account.Kind, account.Posted, account.Counted);
    }

    [LoggerMessage(LogLevel.Critical, "The ledger does not add up: postings of {Kind} are {Posted} USD, but should be {Counted} USD")]
    private partial void LogDifference(LedgerAccountKind kind, MicroUsd posted, MicroUsd counted);
}
