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

        var cancelled = Assert.IsType<RentalCancelled>(rental.Cancel(A.Noon.AddHours(12)));

        Assert.Equal((A.Dollars("0.18"), A.Dollars("0.18")), (cancelled.Refund, rental.Refunded));
        Assert.Equal((RentalStatus.Cancelled, RentalEndReason.CancelledByRenter, A.Noon.AddHours(12)), (rental.Status, rental.EndReason, rental.EndedAt));
    }

    [Fact]
    public void The_indivisible_remainder_is_refunded()
    {
        Rental rental = A.Rental(A.Node(price: 1_001), A.Wish(hours: 1));

        Assert.Equal(501, ((RentalCancelled)rental.Cancel(A.Noon.AddMinutes(30))).Refund.Value);
    }

    [Fact]
    public void Cancelling_at_the_start_refunds_everything()
    {
        Rental rental = A.Rental();

        Assert.Equal(rental.Paid, ((RentalCancelled)rental.Cancel(A.Noon)).Refund);
    }

    [Fact]
    public void A_clock_that_went_back_refunds_no_more_than_was_paid()
    {
        Rental rental = A.Rental();

        Assert.Equal(rental.Paid, ((RentalCancelled)rental.Cancel(A.Noon.AddSeconds(-1))).Refund);

        Assert.Equal(rental.StartsAt, rental.EndedAt);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public void A_rental_can_be_cancelled_until_just_before_its_end(long ticks, bool isActive)
    {
        Rental rental = A.Rental();

        ICancelRentalResult answer = rental.Cancel(rental.EndsAt.AddTicks(ticks));

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

        RentalEnded? expired = rental.Expire(rental.EndsAt.AddTicks(ticks));

        Assert.Equal(isOver, expired is not null);
        Assert.Equal(isOver ? RentalStatus.Ended : RentalStatus.Active, rental.Status);
        Assert.Equal(isOver ? rental.EndsAt : null, rental.EndedAt);
        Assert.Equal(MicroUsd.Zero, rental.Refunded);
    }

    [Fact]
    public void A_rental_ends_once()
    {
        Rental cancelled = A.Rental();
        cancelled.Cancel(A.Noon.AddHours(1));
        MicroUsd refunded = cancelled.Refunded;

        Assert.Null(cancelled.Expire(cancelled.EndsAt));
        Assert.Equal(
            new RentalAlreadyEnded(cancelled.Id, A.Noon.AddHours(1), RentalEndReason.CancelledByRenter), cancelled.Cancel(A.Noon.AddHours(2)));
        Assert.Equal((refunded, RentalStatus.Cancelled), (cancelled.Refunded, cancelled.Status));

        Rental expired = A.Rental();
        expired.Expire(expired.EndsAt);

        Assert.Null(expired.Expire(expired.EndsAt));
        Assert.Equal(new RentalAlreadyEnded(expired.Id, expired.EndsAt, RentalEndReason.TermEnded), expired.Cancel(expired.EndsAt));
    }

    [Fact]
    public void A_refund_is_never_negative_nor_more_than_was_paid_and_shrinks_with_time() =>
        Property.Holds(anyRental, drawn =>
        {
            Rental sooner = drawn.Make();
            Rental later = drawn.Make();

            MicroUsd first = ((RentalCancelled)sooner.Cancel(drawn.At(drawn.First))).Refund;
            MicroUsd second = ((RentalCancelled)later.Cancel(drawn.At(Math.Max(drawn.First, drawn.Second)))).Refund;

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
