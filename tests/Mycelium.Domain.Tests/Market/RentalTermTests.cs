using Mycelium.Domain.Market;
using Mycelium.Domain.Units;
using Xunit;

namespace Mycelium.Domain.Tests.Market;

public sealed class RentalTermTests
{
    [Theory]
    [InlineData(1, 720, 0)]
    [InlineData(3, 2_160, 500)]
    [InlineData(6, 4_320, 1_000)]
    [InlineData(12, 8_640, 1_500)]
    public void Months_have_720_hours_and_their_discount(int months, int hours, int discount)
    {
        RentalTerm term = RentalTerm.OfMonths(months);

        Assert.Equal((hours, discount, months), (term.Hours.Value, term.DiscountPercent.Value, term.Months!.Value));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(13)]
    public void Other_numbers_of_months_are_not_a_term(int months)
    {
        Assert.False(RentalTerm.TryCreate(null, months, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => RentalTerm.OfMonths(months));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(2_160, true)]
    [InlineData(8_760, true)]
    [InlineData(8_761, false)]
    public void Hours_are_within_a_year_and_never_discounted(int hours, bool isTerm)
    {
        Assert.Equal(isTerm, RentalTerm.TryCreate(hours, null, out RentalTerm? term));
        if (isTerm)
            Assert.Equal((hours, BasisPoints.Zero), (term!.Hours.Value, term.DiscountPercent));
    }

    [Fact]
    public void A_term_is_either_in_hours_or_in_months()
    {
        Assert.False(RentalTerm.TryCreate(null, null, out _));
        Assert.False(RentalTerm.TryCreate(720, 1, out _));
    }

    [Fact]
    public void The_same_number_of_hours_is_not_the_same_term_as_months() =>
        Assert.NotEqual(RentalTerm.OfMonths(1), RentalTerm.OfHours(RentalHours.Month));
}
