using System.Text.Json;

namespace Mycelium.Bench.Market;

/// <summary>One request for all sides; the hand-written servers read only the variables.</summary>
/// <param name="Name">Its name in <c>--only</c>.</param>
/// <param name="Title">What it selects.</param>
/// <param name="Path">The path on the hand-written servers.</param>
/// <param name="Body">The request as JSON.</param>
/// <param name="Goal">The share of the hand-written server's throughput that we want to reach.</param>
/// <param name="PeerGoal">How many times the throughput of the best peer we want to reach.</param>
internal sealed record QueryCase(string Name, string Title, string Path, string Body, double Goal, double PeerGoal)
{
    private const string Market = """
        query Market($region: Region!, $multiplier: Int!, $quantity: Int!) {
          sliceCombinations(
            first: 50
            where: { region: { eq: $region }, multiplier: { eq: $multiplier }, quantityAvailable: { gte: $quantity } }
            order: [{ pricePerHour: ASC }]
          ) {
            nodes {
              id multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth country countryCode city
              gridNode { gridId status certification latitude longitude }
              farm { name certification freePublicIpCount }
            }
          }
        }
        """;

    private const string Node = """
        query Node($gridId: Long!) {
          gridNode(gridId: $gridId) {
            gridId status certification country countryCode city latitude longitude totalCores totalMemoryBytes uptimePercent
            farm { name certification freePublicIpCount }
            sliceCombinations { id multiplier cores memoryBytes quantityAvailable pricePerHour pricePerMonth }
          }
        }
        """;

    private const string Farms = """
        query Farms {
          farms(first: 20) {
            nodes {
              name certification
              gridNodes(first: 10) {
                nodes { gridId status country city latitude longitude sliceCombinations { multiplier quantityAvailable pricePerHour } }
              }
            }
          }
        }
        """;

    public static IReadOnlyList<QueryCase> All { get; } =
    [
        new(
            "q1", "50 combinations by filter and order, each with its node and farm", "/market",
            Of(Market, new { region = "EUROPE", multiplier = 2, quantity = 1 }), 0.80, 1.8),
        new("q2", "one node with its farm and combinations", "/node", Of(Node, new { gridId = 4242 }), 0.70, 1.6),
        new("q3", "20 farms, 10 nodes of each, and their combinations", "/farms", Of(Farms, new { }), 0.80, 1.8),
    ];

    /// <summary>The region of the variables as the database writes it: <c>Europe</c> for <c>EUROPE</c>.</summary>
    public static string StoredRegion(JsonElement variables) =>
        variables.GetProperty("region").GetString() is { Length: > 0 } name ? $"{name[0]}{name[1..].ToLowerInvariant()}" : "";

    public static string Of(string query, object variables) => JsonSerializer.Serialize(new { query, variables });
}
