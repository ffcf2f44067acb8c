using System.Text.Json;
using Mycelium.Bench.Market;

namespace Mycelium.Bench.Peers;

/// <summary>The queries with the names that PostGraphile derives from the tables, and our names as aliases.</summary>
internal static class PostGraphileQueries
{
    private const string Market = """
        query Market($region: String!, $multiplier: Int!, $quantity: Int!) {
          sliceCombinations: allSliceCombinations(
            first: 50
            filter: { region: { equalTo: $region }, multiplier: { equalTo: $multiplier }, quantityAvailable: { greaterThanOrEqualTo: $quantity } }
            orderBy: [PRICE_PER_HOUR_ASC]
          ) {
            nodes {
              id: rowId multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth country countryCode city
              gridNode: gridNodeByNodeId { gridId: rowId status certification latitude longitude }
              farm: farmByFarmId { name certification freePublicIpCount }
            }
          }
        }
        """;

    private const string Node = """
        query Node($gridId: BigInt!) {
          gridNode: gridNodeByRowId(rowId: $gridId) {
            gridId: rowId status certification country countryCode city latitude longitude totalCores totalMemoryBytes uptimePercent
            farm: farmByFarmId { name certification freePublicIpCount }
            sliceCombinations: sliceCombinationsByNodeIdList { id: rowId multiplier cores memoryBytes quantityAvailable pricePerHour pricePerMonth }
          }
        }
        """;

    private const string Farms = """
        query Farms {
          farms: allFarms(first: 20) {
            nodes {
              name certification
              gridNodes: gridNodesByFarmId(first: 10) {
                nodes {
                  gridId: rowId status country city latitude longitude
                  sliceCombinations: sliceCombinationsByNodeIdList { multiplier quantityAvailable pricePerHour }
                }
              }
            }
          }
        }
        """;

    private static readonly Dictionary<string, string> documents = new() { ["q2"] = Node, ["q3"] = Farms };

    /// <summary>The request with the same variables; enums are texts there.</summary>
    public static string Of(QueryCase query)
    {
        JsonElement variables = JsonSerializer.Deserialize<JsonElement>(query.Body).GetProperty("variables");
        return query.Name == "q1"
            ? QueryCase.Of(Market, new
            {
                region = QueryCase.StoredRegion(variables),
                multiplier = variables.GetProperty("multiplier").GetInt32(),
                quantity = variables.GetProperty("quantity").GetInt32(),
            })
            : QueryCase.Of(documents[query.Name], variables);
    }
}
