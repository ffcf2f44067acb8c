using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Pays into a wallet from outside, and first what its owner owes. The key is the receiving account's: one payment entered by two operators is one deposit.
/// </summary>
public sealed class DepositFunds(Transactions transactions, TimeProvider clock)
{
    private const string Operation = "depositFunds";

    public async Task<IDepositFundsResult> Execute(Actor by, AccountId account, MicroUsd amount, IdempotencyKey key, CancellationToken cancellation)
    {
        if (Deposit.Refuse(amount) is { } refusal)
            return refusal;

        Intention intention = Intention.Of(account, Operation, key, amount.Value);
        return await transactions.RunAsync(connection => DepositAsync(connection, by, intention, amount, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<IDepositFundsResult> DepositAsync(
        NpgsqlConnection connection, Actor by, Intention intention, MicroUsd amount, CancellationToken cancellation)
    {
        ((MicroUsd Balance, MicroUsd Owed)? wallet, EarlierAnswer? earlier) = await ReadAsync(connection, intention, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new FundsDeposited(intention.Account, amount, MicroUsd.From(earlier.Answer.GetProperty("balance").GetInt64()));
        if (wallet is not { } before)
            return new AccountNotFound(intention.Account);

        AccountId account = intention.Account;
        MicroUsd kept = before.Owed < amount ? amount - before.Owed : MicroUsd.Zero;
        var deposited = new FundsDeposited(account, amount, before.Balance + kept);
        DateTimeOffset now = clock.GetUtcNow();
        await new NpgsqlBatch(connection)
            .ThenAppend([LedgerEntry.Deposit(account, amount, before.Owed)], now)
            .ThenNotify([Notification.Deposited(deposited, intention.Key, now)])
            .ThenRemember((intention, $$"""{"balance": {{deposited.Balance.Value}}}"""))
            .ThenAudit(new PrivilegedAct(
                by, AuditAction.FundsDeposited, AuditSubject.Account, account.ToString(), account,
                Before: new { BalanceMicroUsd = before.Balance.Value },
                After: new { BalanceMicroUsd = deposited.Balance.Value, AmountMicroUsd = amount.Value }))
            .Then("COMMIT")
            .RunAsync(cancellation).ConfigureAwait(false);
        return deposited;
    }

    private static async Task<((MicroUsd Balance, MicroUsd Owed)? Wallet, EarlierAnswer? Earlier)> ReadAsync(
        NpgsqlConnection connection, Intention intention, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([intention.Account.Value])
            .Then("SELECT wallet_balance(id), debt_of(id) FROM ledger_accounts WHERE id = $1 AND kind = 'Wallet'", intention.Account.Value)
            .ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The locks.
        List<(MicroUsd, MicroUsd)> found =
            await reader.RowsAsync(row => (MicroUsd.From(row.GetInt64(0)), MicroUsd.From(row.GetInt64(1))), cancellation).ConfigureAwait(false);
        return (found is [var wallet] ? wallet : null, await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }
}
