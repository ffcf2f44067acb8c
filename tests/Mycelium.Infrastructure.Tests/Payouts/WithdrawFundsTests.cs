using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Payouts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Payouts;

public sealed class WithdrawFundsTests
{
    [Fact]
    public async Task Only_what_was_earned_is_withdrawn_to_the_micro_dollar_and_no_deposit()
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd earned = await earner.Market.BalanceAsync(earner.Farmer);
        await earner.Market.Replica.Get<DepositFunds>().Execute(Actor.Command, earner.Farmer, MicroUsd.Parse("100"), earner.Market.NewKey(), default);

        Assert.Equal(earned, await earner.WithdrawableAsync());
        Assert.Equal(
            new NotWithdrawable(earned + MicroUsd.From(1), earned), await earner.WithdrawAsync((earned + MicroUsd.From(1)).ToString()));
        Assert.IsType<AmountOutOfRange>(await earner.WithdrawAsync("0.999999"));
        var requested = Assert.IsType<WithdrawalRequested>(await earner.WithdrawAsync(earned.ToString()));

        Assert.Equal((MicroUsd.Parse("100"), MicroUsd.Parse("100")), (requested.Balance, await earner.Market.BalanceAsync(earner.Farmer)));
        Assert.Equal(MicroUsd.Zero, await earner.WithdrawableAsync());
        Assert.IsType<NotWithdrawable>(await earner.WithdrawAsync("1"));
        await earner.Market.CheckAsync();
    }

    [Fact]
    public async Task Requests_of_everything_at_once_take_it_once_and_the_same_key_gets_the_same_answer()
    {
        await using Earner earner = await Earner.StartAsync();
        string all = (await earner.WithdrawableAsync()).ToString();
        IdempotencyKey key = earner.Market.NewKey();

        IWithdrawFundsResult[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(index =>
            Task.Run(() => earner.WithdrawAsync(all, index % 2 == 0 ? key : null))));

        Assert.Single(answers.OfType<WithdrawalRequested>().Distinct());
        Assert.Equal(1L, await earner.Market.ScalarAsync<long>("SELECT count(*) FROM withdrawals"));
        await earner.Market.CheckAsync();
    }

    [Fact]
    public async Task A_key_with_another_amount_an_account_that_owes_and_a_service_without_a_sender_are_refused()
    {
        await using Earner earner = await Earner.StartAsync();
        IdempotencyKey key = earner.Market.NewKey();
        Assert.IsType<WithdrawalRequested>(await earner.WithdrawAsync("2", key));
        Assert.IsType<IdempotencyKeyReused>(await earner.WithdrawAsync("3", key));

        RecordPayment record = earner.Market.Replica.Get<RecordPayment>();
        Replica without = earner.Market.AddReplica();
        Assert.IsType<PayoutsUnavailable>(
            await without.Get<WithdrawFunds>().Execute(earner.Farmer, MicroUsd.Parse("2"), earner.Market.NewKey(), default));

        // A payment is spent and then taken back.
        await record.Execute(new PaymentEvent("evt_2", "test", new PaymentNews("pi_2", earner.Farmer, Received: MicroUsd.Parse("9"))), default);
        await RentAllAsync(earner);
        await record.Execute(new PaymentEvent("evt_3", "test", new PaymentNews("pi_2", Refunded: MicroUsd.Parse("9"))), default);
        Assert.IsType<AccountOwes>(await earner.WithdrawAsync("1"));
        await earner.Market.CheckAsync();
    }

    [Fact]
    public async Task A_refused_withdrawal_is_back_once_with_its_reason_and_decided_for_good()
    {
        await using Earner earner = await Earner.StartAsync();
        MicroUsd before = await earner.Market.BalanceAsync(earner.Farmer);
        WithdrawalId refused = await earner.WithdrawnAsync(), approved = await earner.ApprovedAsync("1");
        DecideWithdrawal decide = earner.Market.Replica.Get<DecideWithdrawal>();

        Assert.IsType<WithdrawalRefused>(await decide.RefuseAsync(Actor.Command, refused, "Send us your invoice first.", default));
        Assert.IsType<WithdrawalRefused>(await decide.RefuseAsync(Actor.Command, refused, "Again.", default));
        Assert.Equal(new WithdrawalAlreadyDecided(refused, WithdrawalState.Refused), await decide.ApproveAsync(Actor.Command, refused, default));
        Assert.Equal(new WithdrawalAlreadyDecided(approved, WithdrawalState.Approved), await decide.RefuseAsync(Actor.Command, approved, "No.", default));
        Assert.IsType<WithdrawalApproved>(await decide.ApproveAsync(Actor.Command, approved, default));
        var nobody = new WithdrawalId(Guid.NewGuid());
        Assert.IsType<WithdrawalNotFound>(await decide.ApproveAsync(Actor.Command, nobody, default));
        Assert.IsType<WithdrawalNotFound>(await decide.RefuseAsync(Actor.Command, nobody, "No.", default));

        Assert.Equal(before - MicroUsd.Parse("1"), await earner.Market.BalanceAsync(earner.Farmer));
        Assert.Equal("Send us your invoice first.", await earner.Market.ScalarAsync<string>("SELECT reason FROM withdrawals WHERE id = $1", refused.Value));
        Assert.Equal(1L, await earner.ToldAsync("WithdrawalFailed"));
        Assert.Equal(2L, await earner.Market.ScalarAsync<long>("SELECT count(*) FROM audit_entries WHERE action LIKE 'Withdrawal%'"));
        await earner.Market.CheckAsync();
    }

    private static async Task RentAllAsync(Earner earner)
    {
        MicroUsd balance = await earner.Market.BalanceAsync(earner.Farmer);
        int hours = (int)(balance.Value / 15_000);
        await earner.Market.RentedAsync(earner.Market.Request(earner.Farmer, new Mycelium.Domain.Nodes.NodeId(1), hours: hours));
    }
}
