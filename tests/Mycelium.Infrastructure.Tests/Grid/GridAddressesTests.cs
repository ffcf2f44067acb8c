using Microsoft.Extensions.Configuration;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

public sealed class GridAddressesTests
{
    [Fact]
    public void Grids_are_named_by_their_settings_and_the_short_one_means_main()
    {
        GridAddresses grids = Read(("Grid:BaseUrl", "https://gridproxy.grid.tf"), ("Grids:test:BaseUrl", "http://127.0.0.1:5100/grid/1"));

        Assert.Equal(
            [new GridAddress("main", new Uri("https://gridproxy.grid.tf/")), new GridAddress("test", new Uri("http://127.0.0.1:5100/grid/1/"))], grids.All);
    }

    [Fact]
    public void Without_settings_there_are_none() => Assert.Empty(Read().All);

    [Fact]
    public void An_empty_address_counts_as_none() => Assert.Empty(Read(("Grid:BaseUrl", ""), ("Grids:test:BaseUrl", "")).All);

    [Theory]
    [InlineData("Grids:Main:BaseUrl", "https://gridproxy.grid.tf", "Grids:Main: a grid's name has 1 to 32")]
    [InlineData("Grids:a_b:BaseUrl", "https://gridproxy.grid.tf", "Grids:a_b: a grid's name has 1 to 32")]
    [InlineData("Grids:test:Url", "https://gridproxy.grid.tf", "Grids:test: set Grids:test:BaseUrl")]
    [InlineData("Grids:test:BaseUrl", "gridproxy.grid.tf", "Grids:test:BaseUrl: 'gridproxy.grid.tf' is not an address")]
    [InlineData("Grid:BaseUrl", "ftp://gridproxy.grid.tf", "Grid:BaseUrl: 'ftp://gridproxy.grid.tf' is not an address")]
    [InlineData("Grids:main:BaseUrl", "https://other.example", "both set the address of the grid main")]
    [InlineData("Grids:test:BaseUrl", "https://gridproxy.grid.tf/", "have the same address")]
    public void Nonsensical_settings_are_refused_with_a_sentence(string name, string value, string reason)
    {
        (string, string)[] settings = name == "Grid:BaseUrl" ? [(name, value)] : [("Grid:BaseUrl", "https://gridproxy.grid.tf"), (name, value)];

        Assert.Contains(reason, Assert.Throws<InvalidOperationException>(() => Read(settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Grid:BaseUrl", "http://gridproxy.grid.tf")]
    [InlineData("Grids:test:BaseUrl", "http://10.0.0.7:8080")]
    [InlineData("Grids:test:BaseUrl", "http://localhost.example:8080")]
    public void A_grid_on_another_machine_is_read_over_https_outside_Development(string name, string value)
    {
        string refusal = Assert.Throws<InvalidOperationException>(() => Read((name, value))).Message;

        Assert.StartsWith($"{name}: '{value}' is not encrypted", refusal, StringComparison.Ordinal);
        Assert.Equal(new Uri(value + "/"), Assert.Single(GridAddresses.Read(Configuration((name, value)), allowsHttp: true).All).BaseUrl);
    }

    [Theory]
    [InlineData("http://localhost:5100")]
    [InlineData("http://127.0.0.1:5100")]
    [InlineData("http://[::1]:5100")]
    public void A_grid_on_this_machine_is_read_over_http_too(string value) =>
        Assert.Equal(new Uri(value + "/"), Assert.Single(Read(("Grid:BaseUrl", value)).All).BaseUrl);

    private static GridAddresses Read(params (string Name, string Value)[] settings) => GridAddresses.Read(Configuration(settings), allowsHttp: false);

    private static IConfiguration Configuration(params (string Name, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Name, setting.Value))).Build();
}
