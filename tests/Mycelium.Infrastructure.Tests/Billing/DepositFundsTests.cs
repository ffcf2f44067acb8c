using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Billing;

public sealed class DepositFundsTests
{
    [Fact]
    public async Task A_deposit_told_20_times_at_once_is_one_deposit()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync("1");
        IdempotencyKey key = market.NewKey();

        IDepositFundsResult[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            Task.Run(() => market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.Parse("2.5"), key, default))));

        Assert.All(answers, answer => Assert.Equal(new FundsDeposited(account, MicroUsd.Parse("2.5"), MicroUsd.Parse("3.5")), answer));
        Assert.Equal(MicroUsd.Parse("3.5"), await market.BalanceAsync(account));
        Assert.IsType<IdempotencyKeyReused>(await market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, MicroUsd.Parse("2.6"), key, default));
        Assert.Equal(2L, await market.ScalarAsync<long>("SELECT count(*) FROM ledger_postings WHERE account_id = $1", account.Value));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Amounts_and_accounts_that_cannot_be_are_refused()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        DepositFunds deposit = market.Replica.Get<DepositFunds>();
        AccountId account = await market.AccountAsync();

        Assert.IsType<AmountOutOfRange>(await deposit.Execute(Actor.Command, account, MicroUsd.Zero, market.NewKey(), default));
        Assert.IsType<AmountOutOfRange>(await deposit.Execute(Actor.Command, account, Deposit.Max + MicroUsd.From(1), market.NewKey(), default));
        Assert.IsType<AccountNotFound>(await deposit.Execute(Actor.Command, new AccountId(Guid.NewGuid()), MicroUsd.From(1), market.NewKey(), default));
        // The shared accounts of the ledger are not wallets.
        Assert.IsType<AccountNotFound>(
            await deposit.Execute(Actor.Command, new AccountId(new Guid("00000000-0000-0000-0000-000000000002")), MicroUsd.From(1), market.NewKey(), default));
    }
}
