using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Market;

public sealed class QuoteTests
{
    [Fact]
    public void Hours_cost_rate_times_slices_times_hours()
    {
        Quote quote = Quote.For(A.Wish(multiplier: 4, quantity: 2, hours: 24), A.Node(slices: 8), A.Policy, A.Noon);

        Assert.Equal(A.Dollars("0.12").Value, quote.PricePerHour.Value);
        Assert.Equal(A.Dollars("2.88"), quote.Total);
        Assert.Equal(quote.Total, Assert.Single(quote.Lines).Amount);
    }

    [Theory]
    [InlineData(1, "10.80")]
    [InlineData(3, "30.78")]
    [InlineData(6, "58.32")]
    [InlineData(12, "110.16")]
    public void Months_cost_less_by_their_discount(int months, string dollars)
    {
        Quote quote = Quote.For(A.Wish(months: months), A.Node(), A.Policy, A.Noon);

        Assert.Equal(A.Dollars(dollars), quote.Total);
    }

    [Fact]
    public void A_discount_is_a_line_of_its_own()
    {
        Quote quote = Quote.For(A.Wish(multiplier: 2, quantity: 3, months: 3), A.Node(), A.Policy, A.Noon);

        Assert.Equal(
            [
                new QuoteLine("3 × 2x slices at 0.090000 USD/h for 3 months", A.Dollars("194.40")),
                new QuoteLine("5 % off for 3 months", A.Dollars("-9.72")),
            ],
            quote.Lines);
    }

    [Fact]
    public void A_quote_is_valid_up_to_but_not_including_the_end_of_five_minutes()
    {
        Quote quote = Quote.For(A.Wish(), A.Node(), A.Policy, A.Noon);

        Assert.Equal(A.Noon.AddMinutes(5), quote.ValidUntil);
        Assert.True(quote.IsValidAt(quote.ValidUntil.AddTicks(-1)));
        Assert.False(quote.IsValidAt(quote.ValidUntil));
    }

    [Fact]
    public void The_lines_of_every_quote_sum_to_its_total_and_a_longer_or_larger_wish_is_never_cheaper_at_the_same_discount() =>
        Property.Holds(
            from price in Property.Between(1_000, 1_000_000)
            from multiplier in Gen.Elements(1, 2, 4, 8, 512)
            from quantity in Gen.Choose(1, RentalWish.QuantityMax - 1)
            from months in Gen.Elements(0, 1, 3, 6, 12)
            from hours in Gen.Choose(1, RentalHours.Max - 1)
            select (price, multiplier, quantity, months, hours),
            wish =>
            {
                GridNode node = A.Node(price: wish.price);
                Quote QuoteOf(int quantity, int hours) => Quote.For(
                    A.Wish(1, wish.multiplier, quantity, hours, wish.months == 0 ? null : wish.months), node, A.Policy, A.Noon);

                Quote quote = QuoteOf(wish.quantity, wish.hours);

                Assert.Equal(quote.Total, quote.Lines.Aggregate(MicroUsd.Zero, (sum, line) => sum + line.Amount));
                Assert.InRange(quote.DiscountAmount.Value, 0, quote.ListPrice.Value);
                Assert.True(QuoteOf(wish.quantity + 1, wish.hours).Total >= quote.Total);
                Assert.True(QuoteOf(wish.quantity, wish.hours + 1).Total >= quote.Total);
            }, count: 3_000);

    [Fact]
    public void A_wish_for_another_node_is_not_quoted() =>
        Assert.Throws<ArgumentException>(() => Quote.For(A.Wish(nodeId: 2), A.Node(id: 1), A.Policy, A.Noon));

    [Fact]
    public void Asking_returns_a_quote_and_reserves_nothing()
    {
        GridNode node = A.Node(slices: 8);

        var quoted = Assert.IsType<RentalQuoted>(Quote.Ask(A.Wish(multiplier: 8), node, A.Policy, A.Noon));

        Assert.Equal(A.Wish(multiplier: 8), quoted.Quote.Wish);
        Assert.Equal(0, node.AllocatedSlices);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    public void Asking_for_a_combination_that_the_node_does_not_have_is_refused(int multiplier) =>
        Assert.IsType<SliceCombinationNotFound>(Quote.Ask(A.Wish(multiplier: multiplier), A.Node(slices: 8), A.Policy, A.Noon));

    [Theory]
    [InlineData(0)]
    [InlineData(-1024)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void An_invented_number_is_not_a_combination(long id)
    {
        var wish = new RentalWish(new SliceCombinationId(id), 1, RentalTerm.OfMonths(1));

        Assert.IsType<SliceCombinationNotFound>(Quote.Ask(wish, A.Node(), A.Policy, A.Noon));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Asking_for_more_than_is_free_is_refused_with_what_is_free(int quantity, bool isFree)
    {
        GridNode node = A.Node(slices: 8, allocated: 1); // 7 free: 3 units of 2.

        IRentalQuoteResult answer = Quote.Ask(A.Wish(multiplier: 2, quantity: quantity), node, A.Policy, A.Noon);

        if (isFree)
            Assert.IsType<RentalQuoted>(answer);
        else
            Assert.Equal((4, 3), (Assert.IsType<NotEnoughSlices>(answer).Requested, ((NotEnoughSlices)answer).Available));
    }

    [Fact]
    public void Asking_for_a_node_that_sells_nothing_returns_the_reason()
    {
        GridNode node = A.Node(slices: 8, allocated: 8);
        node.Observe(A.Observation(slices: 2, sequence: 2));

        var refusal = Assert.IsType<NodeUnavailable>(Quote.Ask(A.Wish(multiplier: 8), node, A.Policy, A.Noon));

        Assert.Equal(NodeUnavailability.Overcommitted, refusal.Reason);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1_000, false)]
    [InlineData(1_001, true)]
    public void A_wish_has_1_to_1000_units(int quantity, bool isRefused)
    {
        Assert.Equal(isRefused, RentalWish.Refuse(quantity) is InvalidQuantity { Min: 1, Max: 1_000 });
        Assert.Equal(isRefused, Record.Exception(() => A.Wish(quantity: quantity)) is ArgumentOutOfRangeException);
    }
}
