using Mycelium.Domain.Billing;
using Xunit;

namespace Mycelium.Domain.Tests.Billing;

public sealed class StatementMonthTests
{
    [Theory]
    [InlineData("2026-11", "2026-11-01", "2026-12-01")]
    [InlineData("2026-12", "2026-12-01", "2027-01-01")]
    [InlineData("2028-02", "2028-02-01", "2028-03-01")]
    [InlineData("2000-01", "2000-01-01", "2000-02-01")]
    [InlineData("2999-12", "2999-12-01", "3000-01-01")]
    public void A_month_is_from_its_first_instant_to_the_next_ones(string text, string from, string to)
    {
        Assert.True(StatementMonth.TryParse(text, out StatementMonth month));

        Assert.Equal((from, to), (month.From.ToString("yyyy-MM-dd"), month.To.ToString("yyyy-MM-dd")));
        Assert.Equal(TimeSpan.Zero, month.From.Offset);
        Assert.Equal(text, month.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-13")]
    [InlineData("2026-00")]
    [InlineData("2026-1")]
    [InlineData("2026-11-01")]
    [InlineData("1999-12")]
    [InlineData("3000-01")]
    [InlineData("November 2026")]
    [InlineData("２０２６-11")]
    public void Nothing_else_is_a_month(string? text) => Assert.False(StatementMonth.TryParse(text, out _));
}
