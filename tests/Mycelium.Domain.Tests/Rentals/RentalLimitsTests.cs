using Mycelium.Domain.Rentals;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.Domain.Tests.Rentals;

public sealed class RentalLimitsTests
{
    private static readonly RentalLimits limits = new(ActiveSlices: 8, RentalsPerHour: 3, CancellationsPerHour: 2);

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Slices_may_reach_the_limit_but_not_exceed_it(int wanted, bool isAllowed) =>
        Assert.Equal(isAllowed, limits.RefuseRental(Holding((24, 4)), wanted, A.Noon) is null);

    [Fact]
    public void The_retry_time_is_when_enough_rentals_have_ended()
    {
        RenterActivity activity = Holding((30, 2), (20, 3), (10, 3));

        Assert.Equal(A.Noon.AddHours(10), limits.RefuseRental(activity, slices: 3, A.Noon)!.RetryAt);
        Assert.Equal(A.Noon.AddHours(20), limits.RefuseRental(activity, slices: 4, A.Noon)!.RetryAt);
        Assert.Equal(A.Noon.AddHours(30), limits.RefuseRental(activity, slices: 8, A.Noon)!.RetryAt);
        Assert.Equal(new RentalLimitReached(RentalLimit.ActiveSlices, 8, 8, null), limits.RefuseRental(activity, slices: 9, A.Noon));
    }

    [Fact]
    public void A_rental_whose_term_is_over_does_not_count_even_before_a_pass_ends_it() =>
        Assert.Null(limits.RefuseRental(Holding((0, 8)), slices: 8, A.Noon));

    [Fact]
    public void An_hour_after_the_rental_that_fills_the_limit_one_more_may_begin()
    {
        RenterActivity activity = new([A.Noon.AddMinutes(-10), A.Noon.AddMinutes(-20), A.Noon.AddMinutes(-50)], []);

        RentalLimitReached refusal = limits.RefuseRental(activity, slices: 1, A.Noon)!;

        Assert.Equal(new RentalLimitReached(RentalLimit.RentalsPerHour, 3, 3, A.Noon.AddMinutes(10)), refusal);
        Assert.NotNull(limits.RefuseRental(activity, slices: 1, refusal.RetryAt!.Value.AddTicks(-1)));
        Assert.Null(limits.RefuseRental(activity, slices: 1, refusal.RetryAt!.Value));
    }

    [Fact]
    public void Cancellations_are_counted_like_rentals()
    {
        DateTimeOffset[] cancelled = [A.Noon.AddMinutes(-1), A.Noon.AddMinutes(-2)];

        Assert.Equal(A.Noon.AddMinutes(58), limits.RefuseCancellation(cancelled, A.Noon)!.RetryAt);
        Assert.Null(limits.RefuseCancellation(cancelled[..1], A.Noon));
    }

    [Fact]
    public void Without_limits_nothing_is_refused_and_a_factor_multiplies_the_others()
    {
        RenterActivity much = new([.. Enumerable.Repeat(A.Noon, 1_000)], [new HeldSlices(A.Noon.AddHours(1), 1_000)]);

        Assert.Null(RentalLimits.None.RefuseRental(much, 1_000, A.Noon));
        Assert.Equal(new RentalLimits(80, 30, 20), limits.Times(10));
        Assert.Equal(new RentalLimits(null, 30, null), (limits with { ActiveSlices = null, CancellationsPerHour = null }).Times(10));
    }

    [Fact]
    public void A_rental_of_this_round_counts_for_the_next_request_of_the_account()
    {
        RenterActivity activity = Holding((48, 2)).With(A.Rental());

        Assert.Equal([A.Noon], activity.Begun);
        Assert.Equal([48, 24], activity.Held.Select(held => (held.EndsAt - A.Noon).TotalHours));
    }

    private static RenterActivity Holding(params (int Hours, int Slices)[] rentals) =>
        new([], [.. rentals.Select(rental => new HeldSlices(A.Noon.AddHours(rental.Hours), rental.Slices))]);
}
