using System.Globalization;
using System.Text.Json;

namespace Mycelium.Bench.Documents;

/// <summary>
/// The n-th request. It resembles that of a market page, but has its own text, names, fields, page size and price, so that no cache of
/// texts, shapes or statements contains it.
/// </summary>
internal static class SoakDocument
{
    private static readonly string[] fields =
    [
        "multiplier", "cores", "memoryBytes", "ssdBytes", "quantityAvailable", "pricePerHour", "pricePerMonth", "country", "countryCode", "city",
    ];
    /// <summary>Pages are small, because documents are measured, not rows.</summary>
    private const int PageMax = 10;

    public static string Of(long number)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $$"""
            query Market{{number}}($region: Region!, $multiplier: Int!) {
              page{{number}}: sliceCombinations(
                first: {{1 + number % PageMax}}
                where: { region: { eq: $region }, multiplier: { eq: $multiplier }, pricePerHour: { gte: "0.{{number % 1_000_000:D6}}" } }
                order: [{ pricePerHour: ASC }]
              ) {
                nodes { id {{string.Join(' ', fields.Where((_, at) => (number >> at & 1) == 0))}} gridNode { gridId alias{{number}}: status } farm { name } }
              }
            }
            """);
        return JsonSerializer.Serialize(new { query = text, variables = new { region = "EUROPE", multiplier = 2 } });
    }
}
