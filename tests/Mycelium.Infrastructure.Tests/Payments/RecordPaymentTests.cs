using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Payments;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Payments;

public sealed class RecordPaymentTests
{
    private int events;

    private PaymentEvent Event(PaymentNews news) =>
        new(string.Create(CultureInfo.InvariantCulture, $"evt_{Interlocked.Increment(ref events)}"), "test", news);

    private static Task<IReadOnlyList<PaymentMovement>> TellAsync(TestMarket market, PaymentEvent signed) =>
        market.Replica.Get<RecordPayment>().Execute(signed, default);

    private Task<IReadOnlyList<PaymentMovement>> TellAsync(TestMarket market, PaymentNews news) => TellAsync(market, Event(news));

    private static async Task<MicroUsd> OwedAsync(TestMarket market, AccountId account) =>
        MicroUsd.From(await market.ScalarAsync<long>("SELECT debt_of($1)", account.Value));

    private static Task<long> ToldAsync(TestMarket market, AccountId account, string kind) =>
        market.ScalarAsync<long>("SELECT count(*) FROM notifications WHERE account_id = $1 AND kind = $2", account.Value, kind);

    [Fact]
    public async Task A_payment_of_which_two_events_tell_ten_times_at_once_on_two_replicas_is_one_deposit()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        AccountId account = await market.AccountAsync();
        PaymentEvent[] told = [Event(new("pi_1", account, Received: MicroUsd.Parse("20"))), Event(new("pi_1", account, Received: MicroUsd.Parse("20")))];

        IReadOnlyList<PaymentMovement>[] moved = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => Task.Run(() =>
            (index % 4 < 2 ? market.Replica : other).Get<RecordPayment>().Execute(told[index % 2], default))));

        PaymentMovement only = Assert.Single(moved.SelectMany(movement => movement));
        Assert.Equal((account, LedgerEntryKind.PaymentReceived, 1L, MicroUsd.Parse("20")), (only.AccountId, only.Kind, only.Number, only.Amount));
        Assert.Equal(MicroUsd.Parse("20"), await market.BalanceAsync(account));
        Assert.Equal(2L, await market.ScalarAsync<long>("SELECT count(*) FROM payment_events"));
        Assert.Equal(1L, await ToldAsync(market, account, "Deposited"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Whatever_the_order_of_events_the_wallet_ends_the_same()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] accounts = await market.AccountsAsync(120);
        int number = 0;
        foreach (int[] order in Orders([0, 1, 2, 3, 4]))
        {
            AccountId account = accounts[number++];
            string payment = $"pi_{account}";
            PaymentNews[] news =
            [
                new(payment, account, Received: MicroUsd.Parse("20")),
                new(payment, account, Refunded: MicroUsd.Parse("5")),
                new(payment, account, Refunded: MicroUsd.Parse("12")),
                new(payment, Dispute: new($"dp_{account}", MicroUsd.Parse("6"), DisputeStage.Withdrawn)),
                new(payment, Dispute: new($"dp_{account}", MicroUsd.Parse("6"), DisputeStage.Reinstated)),
            ];
            foreach (int index in order)
                await TellAsync(market, news[index]);
        }

        Assert.Equal(120, number);
        foreach (AccountId account in accounts)
            Assert.Equal((MicroUsd.Parse("8"), MicroUsd.Zero), (await market.BalanceAsync(account), await OwedAsync(market, account)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_payment_that_is_refunded_and_disputed_is_not_taken_back_twice()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync("3");
        await TellAsync(market, new PaymentNews("pi_1", account, Received: MicroUsd.Parse("20")));
        await TellAsync(market, new PaymentNews("pi_1", Refunded: MicroUsd.Parse("15")));

        PaymentMovement moved = Assert.Single(
            await TellAsync(market, new PaymentNews("pi_1", Dispute: new("dp_1", MicroUsd.Parse("20"), DisputeStage.Withdrawn))));
        Assert.Equal((LedgerEntryKind.PaymentTakenBack, MicroUsd.Parse("-5")), (moved.Kind, moved.Amount));
        Assert.Equal(MicroUsd.Parse("3"), await market.BalanceAsync(account));

        moved = Assert.Single(await TellAsync(market, new PaymentNews("pi_1", Dispute: new("dp_1", MicroUsd.Parse("20"), DisputeStage.Reinstated))));
        Assert.Equal((LedgerEntryKind.PaymentReinstated, MicroUsd.Parse("5")), (moved.Kind, moved.Amount));
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", Dispute: new("dp_1", MicroUsd.Parse("20"), DisputeStage.Withdrawn)))); // Late.
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", Dispute: new("dp_2", MicroUsd.Parse("9"), DisputeStage.Inquiry))));
        Assert.Equal(MicroUsd.Parse("8"), await market.BalanceAsync(account));
        Assert.Equal((1L, 1L), (await ToldAsync(market, account, "Deposited") - 1, await ToldAsync(market, account, "Refunded"))); // One of an operator.
        await market.CheckAsync();
    }

    [Fact]
    public async Task What_the_wallet_lacks_is_a_debt_that_blocks_renting_until_deposits_and_payments_have_paid_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId account = await market.AccountAsync();
        await TellAsync(market, new PaymentNews("pi_1", account, Received: MicroUsd.Parse("10")));
        Rental rental = await market.RentedAsync(market.Request(account, node, hours: 100));

        await TellAsync(market, new PaymentNews("pi_1", Refunded: MicroUsd.Parse("10")));
        MicroUsd owed = rental.Paid;
        Assert.Equal((MicroUsd.Zero, owed), (await market.BalanceAsync(account), await OwedAsync(market, account)));
        Assert.IsType<AccountOwes>(await market.RentAsync(market.Request(account, node, hours: 1)));

        MicroUsd half = MicroUsd.Parse("0.5");
        IDepositFundsResult deposited = await market.Replica.Get<DepositFunds>().Execute(Actor.Command, account, half, market.NewKey(), default);
        Assert.Equal(new FundsDeposited(account, half, MicroUsd.Zero), deposited);
        Assert.Equal((MicroUsd.Zero, owed - half), (await market.BalanceAsync(account), await OwedAsync(market, account)));
        Assert.IsType<AccountOwes>(await market.RentAsync(market.Request(account, node, hours: 1)));
        await market.CheckAsync();

        await TellAsync(market, new PaymentNews("pi_2", account, Received: MicroUsd.Parse("5")));
        Assert.Equal((MicroUsd.Parse("5") - owed + half, MicroUsd.Zero), (await market.BalanceAsync(account), await OwedAsync(market, account)));
        await market.RentedAsync(market.Request(account, node, hours: 1));
        await market.CheckAsync();
    }

    [Fact]
    public async Task What_a_rental_gives_back_pays_a_debt_once_on_any_number_of_replicas()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        AccountId account = await market.AccountAsync();
        await TellAsync(market, new PaymentNews("pi_1", account, Received: MicroUsd.Parse("10")));
        Rental rental = await market.RentedAsync(market.Request(account, await market.PublishAsync(), hours: 100));
        await TellAsync(market, new PaymentNews("pi_1", Refunded: MicroUsd.Parse("10")));
        Assert.Equal(0, await market.Replica.Get<PayDebts>().Execute(default)); // From an empty wallet.
        MicroUsd refund = Assert.IsType<RentalCancelled>(await market.CancelAsync(rental)).Refund;

        int[] paid = await Task.WhenAll(new[] { market.Replica, other }.Select(replica => Task.Run(() => replica.Get<PayDebts>().Execute(default))));

        Assert.Equal(1, paid.Sum());
        Assert.Equal((MicroUsd.Zero, rental.Paid - refund), (await market.BalanceAsync(account), await OwedAsync(market, account)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_payment_of_nobody_waits_for_an_event_that_names_its_account_and_keeps_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] accounts = await market.AccountsAsync(2);
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", null, Received: MicroUsd.Parse("7"))));
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", new AccountId(Guid.NewGuid()), Received: MicroUsd.Parse("7"))));
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", new AccountId(new Guid("00000000-0000-0000-0000-000000000002")), MicroUsd.Parse("7"))));

        Assert.Single(await TellAsync(market, new PaymentNews("pi_1", accounts[0], Refunded: MicroUsd.Zero)));
        Assert.Empty(await TellAsync(market, new PaymentNews("pi_1", accounts[1], Received: MicroUsd.Parse("7"))));

        Assert.Equal((MicroUsd.Parse("7"), MicroUsd.Zero), (await market.BalanceAsync(accounts[0]), await market.BalanceAsync(accounts[1])));
        await market.CheckAsync();
    }

    [Fact]
    public async Task An_event_that_says_nothing_about_money_is_remembered_and_moves_nothing()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        Assert.Empty(await TellAsync(market, new PaymentEvent("evt_a", "customer.created", null)));
        Assert.Empty(await TellAsync(market, new PaymentEvent("evt_b", "charge.refunded", null, "It is not in US dollars.")));

        Assert.Equal(2L, await market.ScalarAsync<long>("SELECT count(*) FROM payment_events"));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM payments"));
    }

    private static IEnumerable<int[]> Orders(int[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany(first => Orders([.. items.Where(item => item != first)]).Select(rest => (int[])[first, .. rest]));
}
