using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>An operator approves or refuses a withdrawal. Doing it again changes nothing.</summary>
public sealed class DecideWithdrawal(Transactions transactions, TimeProvider clock)
{
    public async Task<IApproveWithdrawalResult> ApproveAsync(Actor by, WithdrawalId id, CancellationToken cancellation) =>
        await DecideAsync(by, id, refusal: null, cancellation).ConfigureAwait(false) switch
        {
            null => new WithdrawalNotFound(id),
            WithdrawalState.Refused => new WithdrawalAlreadyDecided(id, WithdrawalState.Refused),
            _ => new WithdrawalApproved(id),
        };

    /// <param name="by">The operator.</param>
    /// <param name="id">Which withdrawal.</param>
    /// <param name="reason">For its owner to read.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IRefuseWithdrawalResult> RefuseAsync(Actor by, WithdrawalId id, string reason, CancellationToken cancellation) =>
        await DecideAsync(by, id, reason, cancellation).ConfigureAwait(false) switch
        {
            null => new WithdrawalNotFound(id),
            WithdrawalState.Refused => new WithdrawalRefused(id),
            { } state => new WithdrawalAlreadyDecided(id, state),
        };

    private Task<WithdrawalState?> DecideAsync(Actor by, WithdrawalId id, string? refusal, CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            WithdrawalState decision = refusal is null ? WithdrawalState.Approved : WithdrawalState.Refused;
            if (await connection.AdvanceAsync(id, decision, refusal, cancellation).ConfigureAwait(false) is not { } step)
                return (WithdrawalState?)null;
            if (!step.HasChanged)
                return step.State;
            DateTimeOffset now = clock.GetUtcNow();
            await new NpgsqlBatch(connection)
                .ThenNotify(refusal is null ? [] : [Notification.WithdrawalEnded(id, step.AccountId, step.Amount, refusal, now)])
                .ThenAudit(new PrivilegedAct(
                    by, refusal is null ? AuditAction.WithdrawalApproved : AuditAction.WithdrawalRefused, AuditSubject.Withdrawal, id.ToString(),
                    step.AccountId, Before: new { State = nameof(WithdrawalState.Requested) },
                    After: new { State = decision.ToString(), AmountMicroUsd = step.Amount.Value }))
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
            return step.State;
        },
        cancellation);
}

/// <summary>One step of a withdrawal, as the database made it.</summary>
/// <param name="HasChanged">False if it was made before, or does not follow.</param>
/// <param name="State">How far the withdrawal is now.</param>
internal sealed record WithdrawalStep(bool HasChanged, WithdrawalState State, AccountId AccountId, MicroUsd Amount);

internal static class WithdrawalSteps
{
    /// <summary>Begins a transaction and makes a step in it; null where there is no such withdrawal. The caller commits.</summary>
    public static async Task<WithdrawalStep?> AdvanceAsync(
        this NpgsqlConnection connection, WithdrawalId id, WithdrawalState to, string? reason, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(
            """
            SELECT has_changed, now_state, account_id, amount FROM advance_withdrawal($1, $2, $3) JOIN withdrawals ON withdrawals.id = $1
            """,
            id.Value, to.ToString(), new NpgsqlParameter { Value = (object?)reason ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<WithdrawalStep> steps = await reader.RowsAsync(
            row => new WithdrawalStep(
                row.GetBoolean(0), Enum.Parse<WithdrawalState>(row.GetString(1)), new AccountId(row.GetGuid(2)), MicroUsd.From(row.GetInt64(3))),
            cancellation).ConfigureAwait(false);
        return steps.SingleOrDefault();
    }
}
