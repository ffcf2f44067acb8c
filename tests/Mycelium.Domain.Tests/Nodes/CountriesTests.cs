using Mycelium.Domain.Nodes;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class CountriesTests
{
    [Theory]
    [InlineData("Belgium", "BE", "Europe")]
    [InlineData("belgium ", "BE", "Europe")]
    [InlineData("Egypt", "EG", "Africa")]
    [InlineData("United States", "US", "Americas")]
    [InlineData("Singapore", "SG", "Asia")]
    [InlineData("New Zealand", "NZ", "Oceania")]
    [InlineData("Antarctica", "AQ", "Antarctic")]
    public void A_country_is_found_by_its_name(string name, string code, string region)
    {
        Country country = Countries.Find(name)!;

        Assert.Equal((code, region), (country.Code, country.Region));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Unknown")]
    [InlineData("Atlantis")]
    public void No_country_is_guessed(string? name) => Assert.Null(Countries.Find(name));

    [Fact]
    public void Codes_are_two_letters_and_unique_in_six_regions()
    {
        Assert.Equal(250, Countries.All.Count);
        Assert.Equal(250, Countries.All.Select(country => country.Code).Distinct().Count());
        Assert.All(Countries.All, country => Assert.Matches("^[A-Z]{2}$", country.Code));
        Assert.Equal(
            ["Africa", "Americas", "Antarctic", "Asia", "Europe", "Oceania"],
            Countries.All.Select(country => country.Region).Distinct().Order());
    }
}
