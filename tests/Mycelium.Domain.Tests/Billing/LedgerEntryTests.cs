using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Billing;

public sealed class LedgerEntryTests
{
    [Fact]
    public void A_deposit_comes_from_outside() =>
        Assert.Equal(
            [new(LedgerAccount.ExternalCash, A.Dollars("-5")), new(LedgerAccount.WalletOf(A.Renter), A.Dollars("5"))],
            LedgerEntry.Deposit(A.Renter, A.Dollars("5")).Postings);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_is_not_a_deposit(long microUsd) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LedgerEntry.Deposit(A.Renter, MicroUsd.From(microUsd)));

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(1_000_000_000_000, true)]
    [InlineData(1_000_000_000_001, false)]
    public void One_deposit_is_within_its_range(long microUsd, bool isAllowed) =>
        Assert.Equal(isAllowed, Deposit.Refuse(MicroUsd.From(microUsd)) is null);

    [Fact]
    public void A_rental_is_charged_into_escrow()
    {
        Rental rental = A.Rental();

        LedgerEntry entry = LedgerEntry.Charge(rental, rental.Segments[0]);

        Assert.Equal([new(LedgerAccount.WalletOf(A.Renter), -rental.Paid), new(LedgerAccount.Escrow, rental.Paid)], entry.Postings);
        Assert.Equal((LedgerEntryKind.RentalCharge, rental.Id), (entry.Kind, entry.RentalId!.Value));
    }

    [Fact]
    public void A_cancelled_rental_is_settled_between_farmer_and_renter()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24)); // 0.36 USD
        rental.Cancel(null, A.Noon.AddHours(6));

        Assert.Equal(
            [
                new(LedgerAccount.Escrow, A.Dollars("-0.36")),
                new(LedgerAccount.EarningsOf(A.Farmer), A.Dollars("0.09")),
                new(LedgerAccount.WalletOf(A.Renter), A.Dollars("0.27")),
            ],
            LedgerEntry.Settlement(rental).Postings);
    }

    [Fact]
    public void An_expired_rental_is_settled_in_full_with_the_farmer()
    {
        Rental rental = A.Rental();
        rental.Pass(new(), rental.EndsAt);

        Assert.Equal(
            [new(LedgerAccount.Escrow, -rental.Paid), new(LedgerAccount.EarningsOf(A.Farmer), rental.Paid)], LedgerEntry.Settlement(rental).Postings);
    }

    [Fact]
    public void An_active_rental_is_not_settled() => Assert.Throws<InvalidOperationException>(() => LedgerEntry.Settlement(A.Rental()));

    /// <summary>
    /// A step: 0 deposits, 1 rents, 2 cancels and 3 expires the oldest active rental. The amount determines the size, and the clock
    /// advances by minutes.
    /// </summary>
    private static readonly Gen<(int Kind, int Amount)[]> script =
        Gen.Choose(0, 3).SelectMany(_ => Gen.Choose(1, 600), (kind, amount) => (kind, amount)).ListOf().Select(steps => steps.ToArray());

    [Fact]
    public void Money_is_neither_created_nor_lost_by_any_script() =>
        Property.Holds(script, steps =>
        {
            var house = new House();
            foreach ((int kind, int amount) in steps)
                house.Step(kind, amount);

            Assert.Equal(MicroUsd.Zero, house.Sum(_ => true));
            Assert.Equal(house.HeldForActive, house.Sum(account => account == LedgerAccount.Escrow));
            Assert.Equal(house.Deposited, -house.Sum(account => account == LedgerAccount.ExternalCash));
            Assert.Equal(house.RenterBalance, house.Sum(account => account == LedgerAccount.WalletOf(A.Renter)));
            Assert.Equal(house.Earned, house.Sum(account => account == LedgerAccount.EarningsOf(A.Farmer)));
            Assert.True(house.RenterBalance >= MicroUsd.Zero);
        }, count: 3_000);

    /// <summary>Runs a script, and keeps its own balances, which the ledger must match.</summary>
    private sealed class House
    {
        private readonly GridNode node = A.Node(slices: 8);
        private readonly List<LedgerEntry> ledger = [];
        private readonly Queue<Rental> active = [];
        private DateTimeOffset now = A.Noon;

        public MicroUsd Deposited { get; private set; }
        public MicroUsd RenterBalance { get; private set; }
        public MicroUsd Earned { get; private set; }
        public MicroUsd HeldForActive => active.Aggregate(MicroUsd.Zero, (sum, rental) => sum + rental.Paid);

        public MicroUsd Sum(Func<LedgerAccount, bool> ofAccount) =>
            ledger.SelectMany(entry => entry.Postings).Where(posting => ofAccount(posting.Account))
                .Aggregate(MicroUsd.Zero, (sum, posting) => sum + posting.Amount);

        public void Step(int kind, int amount)
        {
            now += TimeSpan.FromMinutes(amount);
            switch (kind)
            {
                case 0:
                    DepositFunds(MicroUsd.From(amount * 1_001));
                    break;
                case 1:
                    Rent(hours: amount);
                    break;
                default:
                    End(isCancelled: kind == 2);
                    break;
            }
        }

        private void DepositFunds(MicroUsd amount)
        {
            Deposited += amount;
            RenterBalance += amount;
            ledger.Add(LedgerEntry.Deposit(A.Renter, amount));
        }

        private void Rent(int hours)
        {
            RentalApplication application = A.Application(node, A.Wish(hours: hours), quotedAt: now);
            if (Rental.Start(application, node, RenterBalance, now) is not SlicesRented { Rental: var rental })
                return;
            RenterBalance -= application.Quote.Total;
            active.Enqueue(rental);
            ledger.Add(LedgerEntry.Charge(rental, rental.Segments[0]));
        }

        private void End(bool isCancelled)
        {
            if (!active.TryPeek(out Rental? rental))
                return;
            if (isCancelled ? rental.Cancel(null, now) is not RentalCancelled : rental.Pass(new(), now) is null)
                return;
            active.Dequeue();
            node.Release(rental.SliceTotal);
            RenterBalance += rental.Refunded;
            Earned += rental.Paid - rental.Refunded;
            ledger.Add(LedgerEntry.Settlement(rental));
        }
    }
}
