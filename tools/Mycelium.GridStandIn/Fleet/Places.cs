using System.Text.Json;

namespace Mycelium.GridStandIn.Fleet;

public sealed record Country(string Name, string Code, string Region, string? Subregion, double Latitude, double Longitude);

/// <summary>Real countries, and a few real cities in those where the grid has many nodes.</summary>
internal static class Places
{
    private static readonly Dictionary<string, string[]> Cities = new()
    {
        ["Belgium"] = ["Ghent", "Brussels", "Antwerp", "Lochristi"],
        ["Germany"] = ["Frankfurt am Main", "Nuremberg", "Berlin", "Falkenstein"],
        ["United States"] = ["Ashburn", "Dallas", "Salt Lake City", "Chicago", "Portland"],
        ["Netherlands"] = ["Amsterdam", "Rotterdam"],
        ["France"] = ["Paris", "Lyon", "Roubaix"],
        ["Austria"] = ["Vienna", "Salzburg", "Graz"],
        ["Switzerland"] = ["Zurich", "Geneva", "Lugano"],
        ["United Kingdom"] = ["London", "Manchester"],
        ["Canada"] = ["Montreal", "Toronto", "Calgary"],
        ["Italy"] = ["Milan", "Rome"],
        ["Spain"] = ["Madrid", "Valencia"],
        ["Finland"] = ["Helsinki"],
        ["Egypt"] = ["Cairo", "Alexandria"],
        ["United Arab Emirates"] = ["Dubai", "Abu Dhabi"],
        ["Tanzania"] = ["Zanzibar", "Dar es Salaam"],
        ["South Africa"] = ["Johannesburg", "Cape Town"],
        ["Ghana"] = ["Accra"],
        ["Australia"] = ["Sydney", "Perth"],
        ["Japan"] = ["Tokyo", "Osaka"],
        ["Singapore"] = ["Singapore"],
        ["India"] = ["Mumbai", "Bengaluru"],
        ["Brazil"] = ["São Paulo"],
        ["Portugal"] = ["Lisbon"],
        ["Poland"] = ["Warsaw"],
        ["Romania"] = ["Bucharest"],
    };

    private static readonly Country[] Inhabited = [.. All().Where(country => country.Region != "Antarctic")];
    private static readonly Country[] Busy = [.. Inhabited.Where(country => Cities.ContainsKey(country.Name))];

    public static Country Named(string name) => Inhabited.First(country => country.Name == name);

    /// <summary>Four in five are in countries with many nodes, the rest anywhere.</summary>
    public static Country Draw(ref Randomness random) => random.Chance(80) ? random.Of(Busy) : random.Of(Inhabited);

    public static string City(Country country, ref Randomness random) =>
        Cities.TryGetValue(country.Name, out string[]? cities) ? random.Of(cities) : "Unknown";

    private static Country[] All()
    {
        using Stream stream = typeof(Places).Assembly.GetManifestResourceStream("countries.json")!;
        return JsonSerializer.Deserialize<Country[]>(stream, JsonSerializerOptions.Web)!;
    }
}
