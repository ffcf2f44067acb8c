using Mycelium.Domain.Nodes;
using Xunit;

namespace Mycelium.Domain.Tests.Nodes;

public sealed class CountriesTests
{
    [Theory]
    [InlineData("Belgium", "BE", Region.Europe)]
    [InlineData("belgium ", "BE", Region.Europe)]
    [InlineData("Egypt", "EG", Region.Africa)]
    [InlineData("United States", "US", Region.Americas)]
    [InlineData("Singapore", "SG", Region.Asia)]
    [InlineData("New Zealand", "NZ", Region.Oceania)]
    [InlineData("Antarctica", "AQ", Region.Antarctic)]
    public void A_country_is_found_by_its_name(string name, string code, Region region)
    {
        Country country = Countries.Find(name)!;

        Assert.Equal((code, region), (country.Code, country.Region));
    }

    [Theory]
    [InlineData(
        "NL", "The Netherlands", "Kingdom of the Netherlands", "Holland", "NETHERLANDS", "nl", "NLD", "Nederland",
        "Netherlands (Kingdom of the)", "Netherlands, The")]
    [InlineData("TR", "Türkiye", "Turkey", "TÜRKİYE", "Turkiye", "Tu\u0308rkiye", "Republic of Türkiye", "Turkey (Türkiye)", "TUR")]
    [InlineData(
        "GB", "UK", "U.K.", "United Kingdom", "Great Britain", "United Kingdom of Great Britain and Northern Ireland", "England",
        "GBR", "The United Kingdom")]
    [InlineData("US", "USA", "U.S.A.", "United States", "The United States", "United States of America", "The United States of America", "America", "us")]
    [InlineData("CZ", "Czech Republic", "Czechia", "The Czech Republic", "CZE", "Česko", "Czechia (Czech Republic)")]
    [InlineData("RU", "Russian Federation", "Russia", "The Russian Federation", "RUS", "  russia\t")]
    [InlineData("BE", " Belgium ", "Kingdom of Belgium", "België", "Belgique", "BEL", "be", "\u00a0Belgium")]
    [InlineData(
        "CI", "Côte d'Ivoire", "Cote d’Ivoire", "Ivory Coast", "Cote D'Ivoire", "COTE DIVOIRE", "Republic of Côte d'Ivoire",
        "Côte d`Ivoire", "Cote d Ivoire", "Côte d´Ivoire")]
    [InlineData(
        "KR", "South Korea", "Republic of Korea", "Korea, Republic of", "Korea (Republic of)", "Korea, South",
        "The Republic of Korea", "S. Korea", "Korea (the Republic of)", "KOR", "Korea, Rep.")]
    [InlineData(
        "KP", "North Korea", "Democratic People's Republic of Korea", "Korea, Democratic People's Republic of", "DPRK",
        "Korea, North", "Korea (Democratic People’s Republic of)", "Korea (the Democratic People's Republic of)",
        "Korea, Dem. People's Rep.")]
    [InlineData(
        "CD", "Democratic Republic of the Congo", "DR Congo", "Congo, Democratic Republic of the", "Congo-Kinshasa", "DRC",
        "Congo (Kinshasa)", "Congo, The Democratic Republic of the", "Congo (the Democratic Republic of the)",
        "Democratic Republic of Congo", "D.R. Congo")]
    [InlineData(
        "CG", "Republic of the Congo", "Congo", "Congo, Republic of the", "Congo-Brazzaville", "Congo (Brazzaville)",
        "Republic of Congo", "Congo, Rep.")]
    [InlineData("VN", "Viet Nam", "Vietnam", "Socialist Republic of Viet Nam", "VNM")]
    [InlineData("TZ", "Tanzania", "Tanzania, United Republic of", "United Republic of Tanzania")]
    [InlineData("IR", "Iran", "Iran, Islamic Republic of", "Islamic Republic of Iran", "Iran (Islamic Republic of)")]
    [InlineData("VE", "Venezuela", "Venezuela, Bolivarian Republic of", "Venezuela (Bolivarian Republic of)")]
    [InlineData("BO", "Bolivia", "Bolivia, Plurinational State of", "Plurinational State of Bolivia")]
    [InlineData("MD", "Moldova", "Moldova, Republic of", "Republic of Moldova")]
    [InlineData("LA", "Laos", "Lao People's Democratic Republic", "Lao PDR", "LA")]
    [InlineData("SY", "Syria", "Syrian Arab Republic")]
    [InlineData("BN", "Brunei", "Brunei Darussalam")]
    [InlineData("CV", "Cape Verde", "Cabo Verde", "Republic of Cabo Verde")]
    [InlineData("SZ", "Eswatini", "Swaziland", "Kingdom of Eswatini", "Eswatini (Swaziland)")]
    [InlineData("MK", "North Macedonia", "Macedonia", "Macedonia, the former Yugoslav Republic of", "FYROM", "Republic of North Macedonia")]
    [InlineData("MM", "Myanmar", "Burma", "Myanmar [Burma]", "Republic of the Union of Myanmar")]
    [InlineData("PS", "Palestine", "Palestine, State of", "Palestinian Territory, Occupied", "State of Palestine")]
    [InlineData("VA", "Vatican City", "Holy See", "Holy See (Vatican City State)", "Vatican")]
    [InlineData("TW", "Taiwan", "Taiwan, Province of China", "Republic of China", "Taiwan (Province of China)")]
    [InlineData("CN", "China", "People's Republic of China", "China, People's Republic of", "PRC", "CHN")]
    [InlineData("HK", "Hong Kong", "Hong Kong SAR China", "Hong Kong S.A.R.", "Hong Kong (China)")]
    [InlineData("MO", "Macau", "Macao", "Macao SAR China")]
    [InlineData("BA", "Bosnia and Herzegovina", "Bosnia & Herzegovina", "Bosnia-Herzegovina", "Bosnia")]
    [InlineData("TT", "Trinidad and Tobago", "Trinidad & Tobago", "Republic of Trinidad and Tobago")]
    [InlineData("AG", "Antigua and Barbuda", "Antigua & Barbuda")]
    [InlineData("ST", "São Tomé and Príncipe", "Sao Tome and Principe", "Sao Tome & Principe", "ST")]
    [InlineData("KN", "Saint Kitts and Nevis", "St. Kitts & Nevis", "St Kitts and Nevis")]
    [InlineData("LC", "Saint Lucia", "St. Lucia", "St Lucia")]
    [InlineData("BL", "Saint Barthélemy", "St. Barthelemy", "Saint-Barthélemy")]
    [InlineData("MF", "Saint Martin", "St. Martin", "Saint Martin (French part)")]
    [InlineData("SX", "Sint Maarten", "Sint Maarten (Dutch part)")]
    [InlineData("SH", "Saint Helena, Ascension and Tristan da Cunha", "St. Helena", "Saint Helena")]
    [InlineData("VG", "British Virgin Islands", "Virgin Islands, British", "Virgin Islands (British)")]
    [InlineData("VI", "United States Virgin Islands", "Virgin Islands, U.S.", "U.S. Virgin Islands", "US Virgin Islands", "Virgin Islands (U.S.)")]
    [InlineData("FK", "Falkland Islands", "Falkland Islands (Malvinas)", "The Falkland Islands")]
    [InlineData("GS", "South Georgia", "South Georgia and the South Sandwich Islands", "South Georgia & South Sandwich Islands")]
    [InlineData("UM", "United States Minor Outlying Islands", "U.S. Outlying Islands", "US Minor Outlying Islands")]
    [InlineData("BQ", "Caribbean Netherlands", "Bonaire, Sint Eustatius and Saba")]
    [InlineData("TF", "French Southern Territories", "French Southern and Antarctic Lands")]
    [InlineData("AX", "Åland Islands", "Aland Islands", "Åland", "A\u030aland Islands")]
    [InlineData("CW", "Curaçao", "Curacao")]
    [InlineData("RE", "Réunion", "Reunion", "La Réunion")]
    [InlineData("GM", "Gambia", "The Gambia", "Gambia, The", "Republic of The Gambia")]
    [InlineData("BS", "Bahamas", "The Bahamas", "Commonwealth of The Bahamas")]
    [InlineData("TL", "Timor-Leste", "East Timor", "Timor Leste")]
    [InlineData("FM", "Micronesia", "Micronesia, Federated States of", "Federated States of Micronesia")]
    [InlineData("GW", "Guinea-Bissau", "Guinea Bissau")]
    [InlineData("GQ", "Equatorial Guinea", "Republic of Equatorial Guinea")]
    [InlineData("DE", "Germany", "Federal Republic of Germany", "Deutschland", "DE", "DEU")]
    [InlineData("IE", "Ireland", "Republic of Ireland", "Éire")]
    [InlineData("EG", "Egypt", "Arab Republic of Egypt")]
    [InlineData("AE", "United Arab Emirates", "UAE", "The United Arab Emirates")]
    [InlineData("MX", "Mexico", "México", "United Mexican States")]
    [InlineData("CH", "Switzerland", "Swiss Confederation", "Schweiz")]
    [InlineData("SK", "Slovakia", "Slovak Republic")]
    [InlineData("KG", "Kyrgyzstan", "Kyrgyz Republic")]
    [InlineData("DO", "Dominican Republic", "The Dominican Republic")]
    [InlineData("DM", "Dominica", "Commonwealth of Dominica")]
    [InlineData("CF", "Central African Republic", "The Central African Republic")]
    [InlineData("LK", "Sri Lanka", "Democratic Socialist Republic of Sri Lanka")]
    [InlineData("ET", "Ethiopia", "Federal Democratic Republic of Ethiopia")]
    [InlineData("DZ", "Algeria", "People's Democratic Republic of Algeria")]
    [InlineData("GY", "Guyana", "Co-operative Republic of Guyana")]
    [InlineData("IS", "Iceland", "IS")]
    [InlineData("NO", "Norway", "no", "Kingdom of Norway")]
    [InlineData("IM", "Isle of Man", "IM")]
    [InlineData("SS", "South Sudan", "Republic of South Sudan")]
    public void A_country_is_found_by_each_of_its_names(string code, params string[] names) =>
        Assert.All(names, name => Assert.Equal((name, code), (name, Countries.Find(name)?.Code)));

    [Fact]
    public void Every_country_is_found_by_its_name_and_its_code() =>
        Assert.All(Countries.All, country => Assert.Equal(
            (country, country), (Countries.Find($"The {country.Name.ToUpperInvariant()}"), Countries.Find(country.Code.ToLowerInvariant()))));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Unknown")]
    [InlineData("Atlantis")]
    [InlineData("Republic")]
    [InlineData("The")]
    [InlineData("...")]
    [InlineData("Virgin Islands")]
    [InlineData("Democratic Congo")]
    [InlineData("Congo (Somewhere)")]
    [InlineData("New Jersey")]
    [InlineData("\ud800")]
    public void No_country_is_guessed(string? name) => Assert.Null(Countries.Find(name));

    [Fact]
    public void Codes_are_two_letters_and_unique_in_six_regions()
    {
        Assert.Equal(250, Countries.All.Count);
        Assert.Equal(250, Countries.All.Select(country => country.Code).Distinct().Count());
        Assert.All(Countries.All, country => Assert.Matches("^[A-Z]{2}$", country.Code));
        Assert.Equal(Enum.GetValues<Region>(), Countries.All.Select(country => country.Region).Distinct().Order());
    }
}
