using FsCheck;
using FsCheck.Fluent;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class RentalEndTests
{
    [Fact]
    public void Cancelling_half_way_refunds_half()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24)); // 0.36 USD

        var cancelled = Assert.IsType<RentalCancelled>(rental.Cancel(null, A.Noon.AddHours(12)));

        Assert.Equal((A.Dollars("0.18"), A.Dollars("0.18")), (cancelled.Refund, rental.Refunded));
        Assert.Equal((RentalStatus.Cancelled, RentalEndReason.CancelledByRenter, A.Noon.AddHours(12)), (rental.Status, rental.EndReason, rental.EndedAt));
    }

    [Fact]
    public void The_indivisible_remainder_is_refunded()
    {
        Rental rental = A.Rental(A.Node(price: 1_001), A.Wish(hours: 2));

        Assert.Equal(2_002 - 1_501, ((RentalCancelled)rental.Cancel(null, A.Noon.AddMinutes(90))).Refund.Value); // 1,501.5 were used.
    }

    [Theory]
    [InlineData(0)]
    [InlineData(59)]
    [InlineData(60)]
    public void The_first_hour_is_paid_however_early_a_rental_is_cancelled(int minutes)
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 24)); // 0.36 USD

        Assert.Equal(A.Dollars("0.345"), ((RentalCancelled)rental.Cancel(null, A.Noon.AddMinutes(minutes))).Refund);
    }

    [Fact]
    public void A_rental_of_one_hour_gives_nothing_back()
    {
        Assert.Equal(MicroUsd.Zero, ((RentalCancelled)A.Rental(wish: A.Wish(hours: 1)).Cancel(null, A.Noon)).Refund);
    }

    [Fact]
    public void A_clock_that_went_back_does_not_end_a_rental_before_its_start()
    {
        Rental rental = A.Rental();

        Assert.Equal(rental.Paid - A.Dollars("0.015"), ((RentalCancelled)rental.Cancel(null, A.Noon.AddSeconds(-1))).Refund);

        Assert.Equal(rental.StartsAt, rental.EndedAt);
    }

    [Fact]
    public void A_year_that_is_cancelled_after_a_month_costs_what_a_month_costs()
    {
        Rental rental = A.Rental(wish: A.Wish(months: 12));
        MicroUsd aMonth = A.Rental(wish: A.Wish(months: 1)).Paid;

        Assert.Equal(rental.Paid - aMonth, ((RentalCancelled)rental.Cancel(null, A.Noon.AddHours(720))).Refund);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void A_year_that_is_cancelled_when_a_shorter_term_would_end_costs_what_that_term_costs(int months)
    {
        Rental rental = A.Rental(wish: A.Wish(months: 12));

        rental.Cancel(null, A.Noon.AddHours(720 * months));

        Assert.Equal(A.Rental(wish: A.Wish(months: months)).Paid, rental.Paid - rental.Refunded);
    }

    [Fact]
    public void Whoever_rents_by_the_hour_earns_no_discount_by_staying_long()
    {
        Rental rental = A.Rental(wish: A.Wish(hours: 8_760));

        rental.Cancel(null, A.Noon.AddHours(5_000));

        Assert.Equal(rental.PricePerHour * RentalHours.From(5_000), rental.Paid - rental.Refunded);
    }

    [Fact]
    public void A_renter_who_did_not_ask_for_the_end_gets_exactly_the_unused_time_back()
    {
        Rental rental = A.Rental(wish: A.Wish(months: 12));

        Assert.IsType<RentalWithdrawn>(rental.Withdraw(RentalEndReason.CancelledByFarmer, A.Noon.AddHours(864))); // A tenth.

        Assert.Equal(rental.Paid.Value - rental.Paid.Value / 10, rental.Refunded.Value);
        Assert.Equal((RentalStatus.Cancelled, RentalEndReason.CancelledByFarmer), (rental.Status, rental.EndReason));
    }

    [Theory]
    [InlineData(1_000, 972_000)] // A tenth of what comes back, rounded down.
    [InlineData(0, 0)]
    [InlineData(10_000, 9_720_000)]
    public void The_promised_share_of_what_comes_back_is_the_penalty(int basisPoints, long penalty)
    {
        GridNode node = A.Node();
        RentalApplication application = A.Application(node, A.Wish(hours: 720)) with { PenaltyRate = BasisPoints.From(basisPoints) };
        Rental rental = ((SlicesRented)Rental.Start(application, node, A.Dollars("100"), A.Noon)).Rental;

        var ended = Assert.IsType<RentalWithdrawn>(rental.Withdraw(RentalEndReason.CancelledByOperator, A.Noon.AddHours(72)));

        Assert.Equal(penalty, ended.Penalty.Value);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void A_rental_can_be_cancelled_until_just_before_its_end(long ticks, bool isActive)
    {
        Rental rental = A.Rental();

        ICancelRentalResult answer = rental.Cancel(null, rental.EndsAt.AddTicks(ticks));

        Assert.Equal(isActive, answer is RentalCancelled);
        if (!isActive)
        {
            Assert.Equal(new RentalAlreadyEnded(rental.Id, rental.EndsAt, RentalEndReason.TermEnded), answer);
            Assert.Equal((RentalStatus.Active, MicroUsd.Zero), (rental.Status, rental.Refunded));
        }
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void A_rental_expires_exactly_at_its_end(long ticks, bool isOver)
    {
        Rental rental = A.Rental();

        IRentalPassed? expired = rental.Pass(A.Rules, rental.EndsAt.AddTicks(ticks));

        Assert.Equal(isOver, expired is not null);
        Assert.Equal(isOver ? RentalStatus.Ended : RentalStatus.Active, rental.Status);
        Assert.Equal(isOver ? rental.EndsAt : null, rental.EndedAt);
        Assert.Equal(MicroUsd.Zero, rental.Refunded);
    }

    [Fact]
    public void A_rental_ends_once()
    {
        Rental cancelled = A.Rental();
        cancelled.Cancel(null, A.Noon.AddHours(1));
        MicroUsd refunded = cancelled.Refunded;

        Assert.Null(cancelled.Pass(A.Rules, cancelled.EndsAt));
        Assert.Equal(
            new RentalAlreadyEnded(cancelled.Id, A.Noon.AddHours(1), RentalEndReason.CancelledByRenter), cancelled.Cancel(null, A.Noon.AddHours(2)));
        Assert.Equal((refunded, RentalStatus.Cancelled), (cancelled.Refunded, cancelled.Status));

        Rental expired = A.Rental();
        expired.Pass(A.Rules, expired.EndsAt);

        Assert.Null(expired.Pass(A.Rules, expired.EndsAt));
        Assert.Equal(new RentalAlreadyEnded(expired.Id, expired.EndsAt, RentalEndReason.TermEnded), expired.Cancel(null, expired.EndsAt));
    }

    [Fact]
    public void A_refund_is_never_negative_nor_more_than_was_paid_and_shrinks_with_time() =>
        Property.Holds(anyRental, drawn =>
        {
            Rental sooner = drawn.Make();
            Rental later = drawn.Make();

            MicroUsd first = ((RentalCancelled)sooner.Cancel(null, drawn.At(drawn.First))).Refund;
            MicroUsd second = ((RentalCancelled)later.Cancel(null, drawn.At(Math.Max(drawn.First, drawn.Second)))).Refund;

            Assert.InRange(first.Value, 0, sooner.Paid.Value);
            Assert.True(second <= first);
        });

    [Fact]
    public void What_is_earned_does_not_depend_on_how_time_is_divided() =>
        Property.Holds(anyRental, drawn =>
        {
            Rental rental = drawn.Make();
            DateTimeOffset early = drawn.At(Math.Min(drawn.First, drawn.Second));
            DateTimeOffset late = drawn.At(Math.Max(drawn.First, drawn.Second));

            MicroUsd inPieces = rental.EarnedAt(early)
                + (rental.EarnedAt(late) - rental.EarnedAt(early))
                + (rental.EarnedAt(rental.EndsAt) - rental.EarnedAt(late));

            Assert.Equal(rental.Paid, inPieces);
            Assert.True(rental.EarnedAt(early) <= rental.EarnedAt(late));
            Assert.Equal(
                (long)((Int128)rental.Paid.Value * (late - rental.StartsAt).Ticks / (rental.EndsAt - rental.StartsAt).Ticks), rental.EarnedAt(late).Value);
        });

    private static readonly Gen<Drawn> anyRental =
        from price in Property.Between(1_000, 1_000_000)
        from hours in Gen.Choose(1, 8_760)
        from first in Property.Between(0, TimeSpan.TicksPerHour - 1)
        from second in Property.Between(0, TimeSpan.TicksPerHour - 1)
        select new Drawn(price, hours, first, second);

    /// <summary>
    /// A rental of <paramref name="Hours"/> and two instants in it; <paramref name="First"/> and <paramref name="Second"/> are ticks for
    /// each hour of it.
    /// </summary>
    private sealed record Drawn(long Price, int Hours, long First, long Second)
    {
        public Rental Make() => A.Rental(A.Node(price: Price), A.Wish(hours: Hours));

        public DateTimeOffset At(long ticks) => A.Noon.AddTicks(ticks * Hours);
    }
}
