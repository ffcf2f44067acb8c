using Mycelium.Domain.Grids;
using Xunit;

namespace Mycelium.Domain.Tests.Grids;

public sealed class GridNameTests
{
    [Theory]
    [InlineData("main", true)]
    [InlineData("a", true)]
    [InlineData("cluster-07", true)]
    [InlineData("a2345678901234567890123456789012", true)]
    [InlineData("a23456789012345678901234567890123", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("7th", false)]
    [InlineData("-x", false)]
    [InlineData("Main", false)]
    [InlineData("main\n", false)]
    [InlineData("ma in", false)]
    [InlineData("brüssel", false)]
    public void A_name_has_lower_case_letters_digits_and_hyphens(string? name, bool isValid) => Assert.Equal(isValid, GridName.IsValid(name));
}
