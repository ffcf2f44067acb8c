using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class WholeNodeTests
{
    private static readonly RentalTerm day = RentalTerm.OfHours(RentalHours.From(24));

    private static IRentNodeResult Start(GridNode node, RentalTerm? term = null, MicroUsd? balance = null, NodeQuote? quote = null)
    {
        quote ??= NodeQuote.For(node, term ?? day, A.Policy, A.Noon);
        return Rental.StartWhole(new(RentalId.New(A.Noon), A.Renter, term ?? day, quote), node, balance ?? quote.Total, A.Noon);
    }

    private static Rental Whole(GridNode? node = null, RentalTerm? term = null) => ((NodeRented)Start(node ?? A.Node(), term)).Rental;

    [Fact]
    public void A_whole_node_costs_half_of_its_slices_and_the_term_comes_off_that()
    {
        GridNode node = A.Node(slices: 8, price: 15_000);

        Rental rental = Whole(node, RentalTerm.OfMonths(12));

        Assert.Equal((60_000, RentalKind.WholeNode, RentalStatus.Active), (rental.PricePerHour.Value, rental.Kind, rental.Status));
        Assert.Equal(60_000L * 8_640 * 85 / 100, rental.Paid.Value);
        Assert.Equal((8, 8, NodeUnavailability.RentedWhole), (rental.SliceTotal, node.AllocatedSlices, node.WhyUnavailable()));
    }

    [Fact]
    public void The_lines_of_a_quote_add_up_and_its_text_can_be_read_again() => Prop.ForAll(
        Gen.Choose(1_000, 1_000_000).SelectMany(
            price => Gen.Choose(1, 200).SelectMany(slices => Gen.Choose(0, 10_000), (slices, discount) => (slices, discount)),
            (price, node) => (price, node.slices, node.discount)).ToArbitrary(),
        Gen.Elements(RentalTerm.OfMonths(1), RentalTerm.OfMonths(6), RentalTerm.OfHours(RentalHours.From(7))).ToArbitrary(),
        (drawn, term) =>
        {
            NodeQuote quote = NodeQuote.For(
                A.Node(slices: drawn.slices, price: drawn.price), term, A.Policy with { WholeNodeDiscount = BasisPoints.From(drawn.discount) }, A.Noon)
                .GivenTo(A.Renter, QuoteId.New(A.Noon));

            Assert.Equal(quote.Total.Value, quote.Lines.Sum(line => line.Amount.Value));
            Assert.True(quote.Total >= MicroUsd.Zero && quote.Total <= quote.ListPrice);
            Assert.True(NodeQuoteText.TryRead(NodeQuoteText.Write(quote), out NodeQuote? read));
            Assert.Equal(quote, read);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Only_an_empty_node_that_sells_is_rented_whole()
    {
        GridNode used = A.Node(allocated: 1), rented = A.Node(), hidden = A.Node(), empty = A.Node();
        Whole(rented);
        hidden.Unpublish(A.Farmer);
        empty.Observe(A.Observation(slices: 0, sequence: 2));

        Assert.IsType<NodeHasRentals>(Start(used));
        Assert.IsType<NodeAlreadyRented>(Start(rented));
        Assert.Equal(NodeUnavailability.NotPublished, Assert.IsType<NodeNotAvailable>(Start(hidden)).Reason);
        Assert.Null(Assert.IsType<NodeNotAvailable>(Start(empty)).Reason);
        Assert.IsType<InsufficientFunds>(Start(A.Node(), balance: MicroUsd.From(1)));
        Assert.Equal(0, hidden.AllocatedSlices);
    }

    [Fact]
    public void A_quote_is_for_the_node_as_it_was_and_one_account()
    {
        GridNode node = A.Node();
        NodeQuote quote = NodeQuote.For(node, day, A.Policy, A.Noon);

        Assert.IsType<QuoteMismatch>(Start(node, quote: quote.GivenTo(A.Farmer, QuoteId.New(A.Noon))));
        Assert.IsType<QuoteMismatch>(Start(node, RentalTerm.OfMonths(1), quote: quote));
        Assert.IsType<QuoteMismatch>(Start(A.Node(slices: 9), quote: quote));
        Assert.IsType<QuoteExpired>(Start(node, quote: NodeQuote.For(node, day, A.Policy, A.Noon - A.Policy.QuoteLifetime)));
        Assert.IsType<NodeRented>(Start(node, quote: quote.GivenTo(A.Renter, QuoteId.New(A.Noon))));
    }

    [Fact]
    public void A_whole_node_is_extended_at_its_discount()
    {
        GridNode node = A.Node(price: 15_000);
        Rental rental = Whole(node);

        var extended = Assert.IsType<RentalExtended>(rental.Extend(day, null, node, A.Policy, A.Rules, A.Dollars("100"), A.Noon));

        Assert.Equal(60_000 * 24, extended.Charged.Value);
    }

    [Fact]
    public void A_machine_has_its_hosts_time_and_no_price()
    {
        GridNode node = A.Node();
        Rental host = Whole(node);

        Rental machine = Place(host, node, slices: 8);

        Assert.Equal((RentalKind.Machine, host.Id, host.EndsAt, MicroUsd.Zero), (machine.Kind, machine.HostRentalId, machine.EndsAt, machine.Paid));
        machine.Activate(A.Rules, MicroUsd.Zero, A.Noon.AddMinutes(5));
        Assert.Equal((RentalStatus.Active, host.EndsAt), (machine.Status, machine.EndsAt));
        Assert.Null(machine.Pass(A.Rules, machine.EndsAt.AddDays(1)));
        Assert.IsType<MachineFollowsHost>(machine.AskExtension(day, node, A.Policy, A.Noon));
        Assert.IsType<MachineFollowsHost>(machine.SetAutoRenew(MicroUsdPerHour.From(1), A.Rules, A.Noon));
        Assert.Equal(MicroUsd.Zero, Assert.IsType<RentalCancelled>(machine.Cancel(null, A.Noon.AddHours(1))).Refund);
    }

    [Fact]
    public void Machines_are_placed_on_a_whole_node_while_it_is_paid_and_has_slices()
    {
        GridNode node = A.Node();
        Rental host = Whole(node);

        Assert.Equal(1, Assert.IsType<NodeFull>(host.Place(Wish(2), node, placed: 7, A.Noon)).Available);
        Assert.IsType<MachinePlaced>(host.Place(Wish(1), node, placed: 7, A.Noon));
        Assert.IsType<RentalNotOfNode>(A.Rental().Place(Wish(1), A.Node(), 0, A.Noon));
        Assert.IsType<RentalAlreadyEnded>(host.Place(Wish(1), node, 0, host.EndsAt));
        node.Observe(A.Observation(sequence: 2) with { Status = NodeStatus.Down });
        Assert.IsType<NodeUnavailable>(host.Place(Wish(1), node, 0, A.Noon));
        Assert.IsType<WholeNodeStays>(host.Move(new(RentalId.New(A.Noon), SliceCombinationId.Of(new(2), 1), false), node, A.Node(id: 2), A.Rules, A.Noon));
    }

    private static MachineWish Wish(int slices) => new(RentalId.New(A.Noon), slices, A.SshKey.Text, "vm");

    private static Rental Place(Rental host, GridNode node, int slices) => ((MachinePlaced)host.Place(Wish(slices), node, 0, A.Noon)).Rental;
}
