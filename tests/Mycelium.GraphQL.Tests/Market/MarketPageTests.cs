using Mycelium.GraphQL.Tests.Hosting;
using Snapshooter.Xunit;

namespace Mycelium.GraphQL.Tests.Market;

/// <summary>The first page that a visitor of the market sees, in full.</summary>
[Collection(ApiCollection.Name)]
public sealed class MarketPageTests(ApiHost host)
{
    [Fact]
    public async Task A_page_of_the_market_matches_its_snapshot()
    {
        // Excludes the farm with the nodes of other tests.
        string answer = (await host.Anyone.SendAsync(
            """
            {
              sliceCombinations(
                first: 5
                where: { grid: { eq: "main" }, multiplier: { eq: 2 }, quantityAvailable: { gte: 1 }, farmName: { neq: "Test farm" } }
                order: [{ pricePerHour: ASC }]
              ) {
                totalCount
                edges {
                  cursor
                  node {
                    id multiplier cores memoryBytes ssdBytes quantityAvailable pricePerHour pricePerMonth
                    country countryCode region city certification uploadMbps downloadMbps gpuCount isDedicated nodeStatus
                    gridNode { gridId status freeSlices }
                    farm { gridId name }
                  }
                }
                pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
              }
            }
            """)).ToSnapshot();

        Snapshot.Match(answer);
    }
}
