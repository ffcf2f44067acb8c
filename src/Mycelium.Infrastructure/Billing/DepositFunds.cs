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

/// <summary>Pays into a wallet from outside. The key is the receiving account's: the same payment entered by two operators is one deposit.</summary>
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
        (long? balance, EarlierAnswer? earlier) = await ReadAsync(connection, intention, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new FundsDeposited(intention.Account, amount, MicroUsd.From(earlier.Answer.GetProperty("balance").GetInt64()));
        if (balance is null)
            return new AccountNotFound(intention.Account);

        AccountId account = intention.Account;
        var deposited = new FundsDeposited(account, amount, MicroUsd.From(balance.Value) + amount);
        DateTimeOffset now = clock.GetUtcNow();
        await new NpgsqlBatch(connection)
            .ThenAppend([LedgerEntry.Deposit(account, amount)], now)
            .ThenNotify([Notification.Deposited(deposited, intention.Key, now)])
            .ThenRemember((intention, $$"""{"balance": {{deposited.Balance.Value}}}"""))
            .ThenAudit(new PrivilegedAct(
                by, AuditAction.FundsDeposited, AuditSubject.Account, account.ToString(), account,
                Before: new { BalanceMicroUsd = balance.Value }, After: new { BalanceMicroUsd = deposited.Balance.Value, AmountMicroUsd = amount.Value }))
            .Then("COMMIT")
            .RunAsync(cancellation).ConfigureAwait(false);
        return deposited;
    }

    private static async Task<(long? Balance, EarlierAnswer? Earlier)> ReadAsync(
        NpgsqlConnection connection, Intention intention, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([intention.Account.Value])
            .Then("SELECT wallet_balance(id) FROM ledger_accounts WHERE id = $1 AND kind = 'Wallet'", intention.Account.Value)
            .ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The locks.
        List<long> balance = await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false);
        return (balance is [long found] ? found : null, await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }
}
