using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>
/// Pays approved withdrawals out. A withdrawal is marked as sent before the sender hears of it, and the sender is asked before it is told: whoever dies between
/// two steps leaves a withdrawal that the next replica takes up where it stands. Every step may be made again.
/// </summary>
public sealed partial class SendWithdrawals(
    NpgsqlDataSource database, Transactions transactions, PayoutClient sender, IOptions<PayoutOptions> options, TimeProvider clock,
    ILogger<SendWithdrawals> logger)
{
    /// <summary>So that the longest delay is reached, and no number overflows.</summary>
    private const int DoublingsMax = 16;

    private const string Take = """
        UPDATE withdrawals SET next_try_at = market_now() + $1, tries = tries + 1
        WHERE id IN (
            SELECT id FROM withdrawals WHERE next_try_at <= market_now() AND state IN ('Approved', 'Sent')
            ORDER BY next_try_at LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
        RETURNING id, account_id, amount, tries
        """;

    private const string PutOff = "UPDATE withdrawals SET next_try_at = market_now() + $2 WHERE id = $1 AND next_try_at IS NOT NULL";

    /// <summary>A test dies here: before each step, with its name.</summary>
    internal Action<string> BeforeStep { get; set; } = static _ => { };

    /// <summary>One pass, until nothing is due.</summary>
    /// <returns>How many withdrawals were worked on.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int total = 0;
        while (await TakeAsync(cancellation).ConfigureAwait(false) is { } taken)
        {
            await WorkAsync(taken, cancellation).ConfigureAwait(false);
            total++;
        }
        return total;
    }

    private async Task<TakenWithdrawal?> TakeAsync(CancellationToken cancellation) => await transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Take, options.Value.Lease); // A transaction of its own.
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return (await reader.RowsAsync(
                row => new TakenWithdrawal(
                    new WithdrawalId(row.GetGuid(0)), new AccountId(row.GetGuid(1)), MicroUsd.From(row.GetInt64(2)), row.GetInt32(3)),
                cancellation).ConfigureAwait(false)).SingleOrDefault();
        },
        cancellation).ConfigureAwait(false);

    private async Task WorkAsync(TakenWithdrawal taken, CancellationToken cancellation)
    {
        try
        {
            BeforeStep("mark");
            await AdvanceAsync(taken, WithdrawalState.Sent, null, cancellation).ConfigureAwait(false);
            BeforeStep("ask");
            PayoutReport? report = await sender.FindAsync(taken.Id, cancellation).ConfigureAwait(false);
            BeforeStep("send");
            report ??= await sender.PutAsync(taken.Id, taken.AccountId.Value, taken.Amount, cancellation).ConfigureAwait(false);
            BeforeStep("end");
            switch (report.State)
            {
                case PayoutState.Paid:
                    await AdvanceAsync(taken, WithdrawalState.Settled, null, cancellation).ConfigureAwait(false);
                    break;
                case PayoutState.Failed:
                    await AdvanceAsync(taken, WithdrawalState.Failed, report.Reason ?? "The payout sender gave no reason.", cancellation).ConfigureAwait(false);
                    break;
                case PayoutState.Pending:
                    await PutOffAsync(taken, cancellation).ConfigureAwait(false);
                    break;
            }
            BeforeStep("next");
        }
        catch (PayoutException failure)
        {
            LogPutOff(taken.Id, taken.Tries, failure.Message);
            await PutOffAsync(taken, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Of two replicas that report the same end, one changes something, and one notification is written.</summary>
    private Task<bool> AdvanceAsync(TakenWithdrawal taken, WithdrawalState to, string? reason, CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            if (await connection.AdvanceAsync(taken.Id, to, reason, cancellation).ConfigureAwait(false) is not { HasChanged: true })
                return false;
            await new NpgsqlBatch(connection)
                .ThenNotify(to == WithdrawalState.Sent
                    ? [] : [Notification.WithdrawalEnded(taken.Id, taken.AccountId, taken.Amount, reason, clock.GetUtcNow())])
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
            return true;
        },
        cancellation);

    private async Task PutOffAsync(TakenWithdrawal taken, CancellationToken cancellation)
    {
        TimeSpan wait = options.Value.RetryDelay * Math.Pow(2, Math.Min(DoublingsMax, taken.Tries - 1));
        await database.ChangeIfAvailableAsync(
            connection => connection.Send(PutOff, taken.Id.Value, wait < options.Value.RetryDelayMax ? wait : options.Value.RetryDelayMax), cancellation)
            .ConfigureAwait(false);
    }

    private sealed record TakenWithdrawal(WithdrawalId Id, AccountId AccountId, MicroUsd Amount, int Tries);

    [LoggerMessage(LogLevel.Warning, "Withdrawal {Withdrawal} is not paid out yet, after {Tries} tries. {Why}")]
    private partial void LogPutOff(WithdrawalId withdrawal, int tries, string why);
}

/// <summary>Pays withdrawals out.</summary>
public sealed class PayoutJob(SendWithdrawals send, IOptions<PayoutOptions> options, JobRuns runs, TimeProvider clock, ILogger<PayoutJob> logger)
    : PeriodicJob("send_withdrawals", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.Interval;

    protected override Task RunAsync(CancellationToken cancellation) => send.Execute(cancellation);
}
