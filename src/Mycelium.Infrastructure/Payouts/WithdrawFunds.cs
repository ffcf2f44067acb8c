using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Payouts;

/// <summary>Takes an amount out of a wallet to be paid out: <c>withdrawFunds</c>. Only what was earned, and once for each key.</summary>
public sealed class WithdrawFunds(Transactions transactions, IOptions<PayoutOptions> options, TimeProvider clock)
{
    private const string Operation = "withdrawFunds";

    public async Task<IWithdrawFundsResult> Execute(AccountId account, MicroUsd amount, IdempotencyKey key, CancellationToken cancellation)
    {
        if (!options.Value.IsSet)
            return new PayoutsUnavailable();
        if (amount < options.Value.Min || amount > Deposit.Max)
            return new AmountOutOfRange(amount, options.Value.Min, Deposit.Max);

        Intention intention = Intention.Of(account, Operation, key, amount.Value);
        return await transactions.RunAsync(connection => WithdrawAsync(connection, intention, amount, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<IWithdrawFundsResult> WithdrawAsync(
        NpgsqlConnection connection, Intention intention, MicroUsd amount, CancellationToken cancellation)
    {
        AccountId account = intention.Account;
        ((MicroUsd Balance, MicroUsd Withdrawable, bool Owes) wallet, EarlierAnswer? earlier) =
            await ReadAsync(connection, intention, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new WithdrawalRequested(
                new WithdrawalId(earlier.Answer.GetProperty("withdrawal_id").GetGuid()), account, amount,
                MicroUsd.From(earlier.Answer.GetProperty("balance").GetInt64()));
        if (wallet.Owes)
            return new AccountOwes();
        if (amount > wallet.Withdrawable)
            return new NotWithdrawable(amount, wallet.Withdrawable);

        var requested = new WithdrawalRequested(WithdrawalId.New(clock.GetUtcNow()), account, amount, wallet.Balance - amount);
        string answer = $$"""{"withdrawal_id": "{{requested.WithdrawalId}}", "balance": {{requested.Balance.Value}}}""";
        await new NpgsqlBatch(connection)
            .Then("SELECT request_withdrawal($1, $2, $3)", requested.WithdrawalId.Value, account.Value, amount.Value)
            .ThenRemember((intention, answer))
            .Then("COMMIT")
            .RunAsync(cancellation).ConfigureAwait(false);
        return requested;
    }

    private static async Task<((MicroUsd Balance, MicroUsd Withdrawable, bool Owes) Wallet, EarlierAnswer? Earlier)> ReadAsync(
        NpgsqlConnection connection, Intention intention, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([intention.Account.Value])
            .Then("SELECT wallet_balance($1), withdrawable_of($1), account_owes($1)", intention.Account.Value)
            .ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The locks.
        List<(MicroUsd, MicroUsd, bool)> wallet = await reader.RowsAsync(
            row => (MicroUsd.From(row.GetInt64(0)), MicroUsd.From(row.GetInt64(1)), row.GetBoolean(2)), cancellation).ConfigureAwait(false);
        return (wallet[0], await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }
}
