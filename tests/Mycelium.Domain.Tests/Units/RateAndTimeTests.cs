using System.Numerics;
using FsCheck.Fluent;
using Mycelium.Domain.Units;
using Xunit;

namespace Mycelium.Domain.Tests.Units;

public sealed class RateAndTimeTests
{
    [Fact]
    public void A_rate_is_never_negative()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MicroUsdPerHour.From(-1));
        Assert.Equal(0, MicroUsdPerHour.From(0).Value);
    }

    [Fact]
    public void A_rate_times_hours_is_exact_or_an_error() =>
        Property.Holds(Property.Between(0, long.MaxValue).SelectMany(_ => Gen.Choose(RentalHours.Min, RentalHours.Max), (rate, hours) => (rate, hours)), pair =>
        {
            var exact = (BigInteger)pair.rate * pair.hours;
            MicroUsdPerHour rate = MicroUsdPerHour.From(pair.rate);
            RentalHours hours = RentalHours.From(pair.hours);

            if (exact <= long.MaxValue)
                Assert.Equal(exact, (rate * hours).Value);
            else
                Assert.Throws<OverflowException>(() => rate * hours);
        });

    [Fact]
    public void Renting_longer_or_at_a_higher_rate_never_costs_less() =>
        Property.Holds(Property.Between(0, 1_000_000_000).Four(), numbers =>
        {
            (long rate, long more, long hours, long longer) = numbers;
            RentalHours shorter = RentalHours.From((int)(1 + hours % 4_000));
            RentalHours longest = RentalHours.From((int)(1 + hours % 4_000 + longer % 4_000));

            Assert.True(MicroUsdPerHour.From(rate) * shorter <= MicroUsdPerHour.From(rate) * longest);
            Assert.True(MicroUsdPerHour.From(rate) * shorter <= MicroUsdPerHour.From(rate + more) * shorter);
        });

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(8_760, true)]
    [InlineData(8_761, false)]
    [InlineData(-1, false)]
    public void Rental_hours_are_from_one_to_a_year(int hours, bool isValid)
    {
        Assert.Equal(isValid, RentalHours.IsValid(hours));
        if (isValid)
            Assert.Equal(TimeSpan.FromHours(hours), RentalHours.From(hours).ToTimeSpan());
        else
            Assert.Throws<ArgumentOutOfRangeException>(() => RentalHours.From(hours));
    }

    [Fact]
    public void Hours_that_were_never_set_cannot_be_read() => Assert.Throws<InvalidOperationException>(() => default(RentalHours).Value);

    [Fact]
    public void A_month_has_720_hours() => Assert.Equal(720, RentalHours.Month.Value);

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    public void Basis_points_are_from_zero_to_the_whole(int points, bool isValid)
    {
        if (isValid)
            Assert.Equal(points, BasisPoints.From(points).Value);
        else
            Assert.Throws<ArgumentOutOfRangeException>(() => BasisPoints.From(points));
    }

    [Fact]
    public void Basis_points_are_written_as_percent()
    {
        Assert.Equal("5 %", BasisPoints.FromPercent(5).ToString());
        Assert.Equal("12.5 %", BasisPoints.From(1_250).ToString());
    }
}
