using System.Text.Json;

namespace Mycelium.Bench.Market;

/// <summary>The request of both sides: 50 combinations by filter and order, each with its node and farm. The ceiling reads the variables alone.</summary>
internal static class MarketRequest
{
    private const string Query = """
        query Market($region: String!, $multiplier: Int!, $quantity: Int!) {
          sliceCombinations(
            first: 50
            where: { region: { eq: $region }, multiplier: { eq: $multiplier }, quantityAvailable: { gte: $quantity } }
            order: [{ pricePerHour: ASC }]
          ) {
            nodes {
              id multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth country countryCode city
              node { gridId status certification latitude longitude }
              farm { name certification freePublicIpCount }
            }
          }
        }
        """;

    public static string Body { get; } = JsonSerializer.Serialize(new { query = Query, variables = new { region = "Europe", multiplier = 2, quantity = 1 } });
}
