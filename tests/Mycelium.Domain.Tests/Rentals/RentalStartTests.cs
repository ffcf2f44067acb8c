using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class RentalStartTests
{
    [Fact]
    public void A_rental_takes_the_slices_and_charges_its_quote()
    {
        GridNode node = A.Node(slices: 8);
        RentalApplication application = A.Application(node, A.Wish(multiplier: 2, quantity: 3, months: 3));

        var rented = Assert.IsType<SlicesRented>(Rental.Start(application, node, A.Dollars("1000"), A.Noon));

        Rental rental = rented.Rental;
        Assert.Equal((6, 2), (node.AllocatedSlices, node.FreeSlices));
        Assert.Equal((application.RentalId, A.Renter, A.Farmer, node.Id), (rental.Id, rental.RenterId, rental.FarmerId, rental.NodeId));
        Assert.Equal((2, 3, 6), (rental.Multiplier, rental.Quantity, rental.SliceTotal));
        Assert.Equal((application.Quote.Total, A.Dollars("184.68"), MicroUsd.Zero), (rental.Paid, rental.Paid, rental.Refunded));
        Assert.Equal((A.Noon, A.Noon.AddDays(90)), (rental.StartsAt, rental.EndsAt));
        Assert.Equal((RentalStatus.Active, null, null), (rental.Status, rental.EndedAt, rental.EndReason));
        Assert.Equal(A.SshKey.Text, rental.SshPublicKey);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void The_wallet_must_cover_the_total(long more, bool isEnough)
    {
        GridNode node = A.Node();
        RentalApplication application = A.Application(node);
        MicroUsd balance = application.Quote.Total + MicroUsd.From(more);

        IRentSlicesResult answer = Rental.Start(application, node, balance, A.Noon);

        Assert.Equal(isEnough ? 1 : 0, node.AllocatedSlices);
        if (!isEnough)
            Assert.Equal(
                (balance, application.Quote.Total, MicroUsd.From(1)),
                (((InsufficientFunds)answer).Balance, ((InsufficientFunds)answer).Required, ((InsufficientFunds)answer).Missing));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void The_quote_must_still_be_valid(long ticksPastItsEnd, bool holds)
    {
        GridNode node = A.Node();
        RentalApplication application = A.Application(node);

        IRentSlicesResult answer = Rental.Start(application, node, A.Dollars("1000"), application.Quote.ValidUntil.AddTicks(ticksPastItsEnd));

        Assert.Equal(holds, answer is SlicesRented);
        if (!holds)
            Assert.Equal(new QuoteExpired(application.Quote.ValidUntil), answer);
    }

    [Fact]
    public void A_price_that_rose_since_does_not_change_what_is_charged()
    {
        GridNode node = A.Node(price: 10_000);
        RentalApplication application = A.Application(node, A.Wish(hours: 10));
        node.SetPrice(A.Farmer, MicroUsdPerHour.From(900_000), A.Policy);

        var rented = Assert.IsType<SlicesRented>(Rental.Start(application, node, A.Dollars("1000"), A.Noon));

        Assert.Equal(A.Dollars("0.1"), rented.Rental.Paid);
    }

    [Fact]
    public void The_quote_must_be_for_the_wish()
    {
        GridNode node = A.Node(slices: 8);
        Quote cheap = Quote.For(A.Wish(hours: 1), node, A.Policy, A.Noon);

        RentalWish[] others = [A.Wish(hours: 2), A.Wish(hours: 1, quantity: 2), A.Wish(hours: 1, multiplier: 2), A.Wish(months: 1)];
        foreach (RentalWish wish in others)
            Assert.IsType<QuoteMismatch>(Rental.Start(A.Application(node, wish, cheap), node, A.Dollars("1000"), A.Noon));

        Assert.Equal(0, node.AllocatedSlices);
    }

    [Fact]
    public void Slices_that_were_taken_in_the_meantime_cannot_be_rented()
    {
        GridNode node = A.Node(slices: 8);
        RentalApplication application = A.Application(node, A.Wish(multiplier: 4, quantity: 2));
        node.Allocate(1);

        var refusal = Assert.IsType<NotEnoughSlices>(Rental.Start(application, node, A.Dollars("1000"), A.Noon));

        Assert.Equal((2, 1), (refusal.Requested, refusal.Available));
        Assert.Equal(1, node.AllocatedSlices);
    }

    [Fact]
    public void A_node_that_went_down_in_the_meantime_cannot_be_rented()
    {
        GridNode node = A.Node();
        RentalApplication application = A.Application(node);
        node.Observe(A.Observation(sequence: 2) with { Status = NodeStatus.Down });

        Assert.Equal(new NodeUnavailable(node.Id, "main", NodeUnavailability.Down), Rental.Start(application, node, A.Dollars("1000"), A.Noon));
    }

    [Fact]
    public void A_combination_that_no_longer_fits_the_node_is_not_found()
    {
        GridNode node = A.Node(slices: 8);
        RentalApplication application = A.Application(node, A.Wish(multiplier: 8));
        node.Observe(A.Observation(slices: 7, sequence: 2));

        Assert.IsType<SliceCombinationNotFound>(Rental.Start(application, node, A.Dollars("1000"), A.Noon));
    }
}
