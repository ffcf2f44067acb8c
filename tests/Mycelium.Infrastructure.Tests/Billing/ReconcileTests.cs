using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Payouts;
using Mycelium.Infrastructure.Tests.Payouts;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Billing;

public sealed class ReconcileTests
{
    private static async Task<Dictionary<LedgerAccountKind, ReconciledAccount>> CountAsync(Earner earner) =>
        (await earner.Market.Replica.Get<Reconcile>().Execute(default)).Accounts.ToDictionary(account => account.Kind);

    [Fact]
    public async Task Every_kind_of_account_is_counted_twice_and_the_difference_is_zero()
    {
        await using Earner earner = await Earner.StartAsync(); // A deposit of 100, of which a farmer has 15.
        RecordPayment record = earner.Market.Replica.Get<RecordPayment>();
        AccountId payer = await earner.Market.AccountAsync();
        await record.Execute(new PaymentEvent("evt_1", "test", new PaymentNews("pi_1", payer, Received: MicroUsd.Parse("20"))), default);
        await earner.Market.RentedAsync(earner.Market.Request(payer, new Mycelium.Domain.Nodes.NodeId(1), hours: 1_000)); // 15 into escrow.
        await record.Execute(new PaymentEvent("evt_2", "test", new PaymentNews("pi_1", Refunded: MicroUsd.Parse("8"))), default); // 3 are owed.
        await record.Execute(new PaymentEvent("evt_3", "test", new PaymentNews("pi_2", null, Received: MicroUsd.Parse("7"))), default);
        await earner.ApprovedAsync("4");
        await earner.Market.Replica.Get<SendWithdrawals>().Execute(default);
        await earner.WithdrawnAsync("2");

        Reconciliation counted = await earner.Market.Replica.Get<Reconcile>().Execute(default);

        Dictionary<LedgerAccountKind, MicroUsd> posted = counted.Accounts.ToDictionary(account => account.Kind, account => account.Posted);
        Assert.All(Enum.GetValues<LedgerAccountKind>(), kind => Assert.True(posted.ContainsKey(kind)));
        Assert.All(counted.Accounts, account => Assert.Equal(account.Counted, account.Posted));
        Assert.Equal(
            (MicroUsd.Parse("-108"), MicroUsd.Parse("94"), MicroUsd.Parse("15"), MicroUsd.Parse("-3"), MicroUsd.Parse("2")),
            (posted[LedgerAccountKind.ExternalCash], posted[LedgerAccountKind.Wallet], posted[LedgerAccountKind.Escrow], posted[LedgerAccountKind.Debt],
                posted[LedgerAccountKind.Payouts]));
        Assert.Equal((MicroUsd.Zero, MicroUsd.Parse("7")), (counted.Difference, counted.UnassignedPayments));
    }

    [Theory]
    [InlineData("UPDATE rentals SET fee_earned = fee_earned + 5", LedgerAccountKind.PlatformFees)]
    [InlineData("UPDATE withdrawals SET amount = amount + 5", LedgerAccountKind.Payouts)]
    [InlineData("UPDATE ledger_postings SET balance_after = balance_after + 5 WHERE sequence IS NOT NULL", LedgerAccountKind.Wallet)]
    [InlineData("DELETE FROM ledger_postings WHERE amount > 0", LedgerAccountKind.Escrow)]
    public async Task What_does_not_add_up_is_a_difference(string damage, LedgerAccountKind kind)
    {
        await using Earner earner = await Earner.StartAsync();
        await earner.WithdrawnAsync("2");
        Assert.All((await CountAsync(earner)).Values, account => Assert.Equal(MicroUsd.Zero, account.Difference));

        await using (NpgsqlConnection owner = await earner.Market.Replica.Owner.OpenConnectionAsync())
        {
            await using var command = new NpgsqlCommand($"SET session_replication_role = replica; {damage}; SET session_replication_role = origin", owner);
            await command.ExecuteNonQueryAsync();
        }

        Reconciliation counted = await earner.Market.Replica.Get<Reconcile>().Execute(default);
        Assert.NotEqual(MicroUsd.Zero, counted.Difference);
        Assert.NotEqual(MicroUsd.Zero, counted.Accounts.Single(account => account.Kind == kind).Difference);
    }
}
