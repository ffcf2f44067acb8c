using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

/// <summary>What docs/money.md says of amounts, over rentals with random prices, terms and extensions that end at random instants.</summary>
public sealed class MoneyPropertyTests
{
    private static readonly Gen<RentalTerm> anyTerm = Gen.OneOf(
        Gen.Choose(1, 2_000).Select(hours => RentalTerm.OfHours(RentalHours.From(hours))), Gen.Elements(1, 3, 6).Select(RentalTerm.OfMonths));

    private static readonly Gen<Life> anyLife =
        from price in Property.Between(1_000, 1_000_000)
        from laterPrice in Property.Between(1_000, 1_000_000)
        from quantity in Gen.Choose(1, 8)
        from first in anyTerm
        from extensions in anyTerm.ListOf(2)
        from fee in Gen.Choose(0, 10_000)
        from instants in Property.Between(0, 1_000_000).ListOf(4)
        select new Life(price, laterPrice, quantity, first, [.. extensions], fee, [.. instants.Order()]);

    [Fact]
    public void What_is_posted_in_any_number_of_steps_is_what_was_earned_and_never_more_than_was_paid() => Property.Holds(anyLife, life =>
    {
        Rental rental = life.Make();
        MicroUsd posted = MicroUsd.Zero, postedFee = MicroUsd.Zero;

        foreach (DateTimeOffset at in life.Instants(rental))
        {
            MicroUsd more = rental.EarnedAt(at) - posted, moreFee = rental.FeeOf(rental.EarnedAt(at)) - postedFee;
            Assert.True(more >= MicroUsd.Zero && moreFee >= MicroUsd.Zero && moreFee <= more);
            (posted, postedFee) = (posted + more, postedFee + moreFee);
        }

        Assert.Equal(rental.EarnedAt(life.Instants(rental)[^1]), posted);
        Assert.Equal(rental.FeeOf(posted), postedFee);
        Assert.True(posted <= rental.Paid);
        Assert.Equal(rental.Paid, rental.EarnedAt(rental.EndsAt));
    });

    [Fact]
    public void A_renter_who_cancels_gets_back_at_most_what_is_not_earned_and_the_parts_add_up() => Property.Holds(anyLife, life =>
    {
        foreach (DateTimeOffset at in life.Instants(life.Make()))
        {
            Rental rental = life.Make();
            MicroUsd unused = rental.Paid - rental.EarnedAt(at);
            MicroUsd asked = rental.AskCancel(A.Rules, at) is CancelQuoted { Quote: var quote } ? quote.Refund : MicroUsd.Zero;

            if (rental.Cancel(null, at) is not RentalCancelled { Refund: var refund })
                continue; // It was over.

            Assert.Equal(asked, refund);
            Assert.InRange(refund.Value, 0, unused.Value);
            AssertAddsUp(rental, refund);
        }
    });

    [Fact]
    public void A_renter_who_did_not_ask_for_the_end_gets_exactly_what_is_not_earned() => Property.Holds(anyLife, life =>
    {
        foreach (DateTimeOffset at in life.Instants(life.Make()))
        {
            Rental rental = life.Make();
            MicroUsd earned = rental.EarnedAt(at);

            if (rental.Withdraw(RentalEndReason.CancelledByFarmer, at) is not RentalWithdrawn { Refund: var refund, Penalty: var penalty })
                continue;

            Assert.Equal(rental.Paid, refund + earned);
            Assert.InRange(penalty.Value, 0, refund.Value);
            AssertAddsUp(rental, refund);
        }
    });

    [Fact]
    public void Time_that_is_paid_at_once_costs_what_its_parts_cost_but_for_less_than_a_micro_dollar_each() => Property.Holds(
        from rate in Property.Between(0, 1_000_000)
        from first in Property.Between(0, TimeSpan.TicksPerDay * 365)
        from second in Property.Between(0, TimeSpan.TicksPerDay * 365)
        select (Rate: MicroUsdPerHour.From(rate), First: new TimeSpan(first), Second: new TimeSpan(second)),
        drawn =>
        {
            MicroUsd parts = RentalSegment.CostOf(drawn.Rate, drawn.First) + RentalSegment.CostOf(drawn.Rate, drawn.Second);
            MicroUsd whole = RentalSegment.CostOf(drawn.Rate, drawn.First + drawn.Second);

            Assert.InRange((whole - parts).Value, 0, 1);
            Assert.True(whole >= RentalSegment.CostOf(drawn.Rate, drawn.First));
        });

    [Fact]
    public void More_slices_more_hours_or_a_higher_price_never_cost_less_and_a_discount_never_costs_more() => Property.Holds(
        from price in Property.Between(1_000, 500_000)
        from more in Property.Between(0, 500_000)
        from quantity in Gen.Choose(1, 7)
        from hours in Gen.Choose(1, 8_759)
        from months in Gen.Elements(1, 3, 6, 12)
        select (price, more, quantity, hours, months),
        drawn =>
        {
            MicroUsd Total(long price, int quantity, RentalTerm term) =>
                Quote.For(new RentalWish(SliceCombinationId.Of(new NodeId(1), 1), quantity, term), A.Node(price: price), A.Policy, A.Noon).Total;
            (long price, long more, int quantity, int hours, int months) = drawn;
            RentalTerm term = RentalTerm.OfHours(RentalHours.From(hours)), longer = RentalTerm.OfHours(RentalHours.From(hours + 1));
            RentalTerm month = RentalTerm.OfMonths(months);

            Assert.True(Total(price, quantity, term) <= Total(price + more, quantity, term));
            Assert.True(Total(price, quantity, term) <= Total(price, quantity + 1, term));
            Assert.True(Total(price, quantity, term) <= Total(price, quantity, longer));
            Assert.True(Total(price, quantity, month) <= Total(price, quantity, RentalTerm.OfHours(month.Hours)));
            Assert.Equal(Total(price, quantity, term) + Total(price, quantity, RentalTerm.OfHours(RentalHours.From(1))), Total(price, quantity, longer));
        });

    [Fact]
    public void What_a_wallet_does_not_hold_is_not_charged() => Property.Holds(
        from life in anyLife
        from missing in Property.Between(1, 1_000_000)
        select (life, missing),
        drawn =>
        {
            Rental rental = drawn.life.Make();
            GridNode node = A.Node(price: drawn.life.LaterPrice);
            ExtensionQuote quote = ((ExtensionQuoted)rental.AskExtension(RentalTerm.OfHours(RentalHours.From(1)), node, A.Policy, A.Noon)).Quote;
            var balance = MicroUsd.From(quote.Total.Value - drawn.missing);

            IExtendRentalResult result = rental.Extend(RentalTerm.OfHours(RentalHours.From(1)), null, node, A.Policy, A.Rules, balance, A.Noon);

            Assert.IsType<InsufficientFunds>(result);
            Assert.Equal(quote.Total, Assert.IsType<RentalExtended>(
                rental.Extend(RentalTerm.OfHours(RentalHours.From(1)), null, node, A.Policy, A.Rules, quote.Total, A.Noon)).Charged);
        });

    /// <summary>The rental says what its segments say, and nothing is left over.</summary>
    private static void AssertAddsUp(Rental rental, MicroUsd refund)
    {
        Assert.Equal(rental.Refunded, refund);
        Assert.Equal(rental.Refunded.Value, rental.Segments.Sum(segment => segment.Refunded.Value));
        Assert.Equal(rental.Paid.Value, rental.Segments.Sum(segment => segment.Paid.Value));
        Assert.All(rental.Segments, segment => Assert.InRange(segment.Refunded.Value, 0, segment.Paid.Value));
        Assert.Equal(
            rental.Segments.Skip(1).Select(segment => segment.StartsAt), rental.Segments.SkipLast(1).Select(segment => segment.EndsAt));
    }

    /// <summary>A rental that was extended as often as it may be, and instants in it in millionths of its length.</summary>
    private sealed record Life(long Price, long LaterPrice, int Quantity, RentalTerm First, RentalTerm[] Extensions, int Fee, long[] Millionths)
    {
        public Rental Make()
        {
            GridNode node = A.Node(price: Price);
            var wish = new RentalWish(SliceCombinationId.Of(node.Id, 1), Quantity, First);
            RentalApplication application = A.Application(node, wish) with { Fee = BasisPoints.From(Fee), PenaltyRate = BasisPoints.From(Fee) };
            Rental rental = ((SlicesRented)Rental.Start(application, node, application.Quote.Total, A.Noon)).Rental;
            foreach (RentalTerm term in Extensions)
                rental.Extend(term, null, A.Node(price: LaterPrice), A.Policy, A.Rules, A.Dollars("1000000"), A.Noon);
            return rental;
        }

        public DateTimeOffset[] Instants(Rental rental) =>
            [.. Millionths.Select(part => rental.StartsAt.AddTicks((long)((Int128)(rental.EndsAt - rental.StartsAt).Ticks * part / 1_000_000)))];
    }
}
