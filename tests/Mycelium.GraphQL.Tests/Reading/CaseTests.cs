using System.Text.Json;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>
/// Case-insensitive comparisons match the same rows in our own SQL, in Entity Framework and in memory. The Case_folding
/// tests of the engine compare every letter.
/// </summary>
[Collection(ApiCollection.Name)]
public sealed class CaseTests(ApiHost host)
{
    private const string Nodes =
        """
        subscription($where: GridNodeFilterInput!) {
          onGridNodeChanged(where: $where) {
            __typename
            ... on StreamEvent { cursor } ... on ChangeEvent { reason }
            ... on GridNodesSnapshot { gridNodes { gridId } }
            ... on GridNodeChanged { gridNode { gridId pricePerSliceHour } }
          }
        }
        """;

    [Theory]
    [InlineData("İzmir", "ieq", "izmir")]
    [InlineData("İzmir", "ieq", "İzmir")]
    [InlineData("İzmir", "ieq", "IZMIR")]
    [InlineData("İzmir", "ieq", "i̇zmir")]
    [InlineData("İzmir", "istartsWith", "İZ")]
    [InlineData("Iğdır", "ieq", "IĞDIR")]
    [InlineData("Große Straße", "icontains", "STRASSE")]
    [InlineData("GROSSE STRASSE", "iendsWith", "straße")]
    [InlineData("Σας", "ieq", "ΣΑΣ")]
    [InlineData("\u212Aiel", "ieq", "kiel")]
    [InlineData("ǅoni", "istartsWith", "ǆ")]
    [InlineData("ﬁord", "icontains", "FI")]
    public async Task A_city_is_matched_case_insensitively_by_queries_and_subscriptions(string city, string operation, string operand)
    {
        long gridId = await host.RegisterAsync(place: new NodePlace("Türkiye", city, 38.4, 27.1));
        object where = new Dictionary<string, object> { ["gridId"] = new { eq = gridId }, ["city"] = new Dictionary<string, string> { [operation] = operand } };
        using Api entityFramework = new(host.EntityFramework.Address);
        using Socket socket = await Socket.SubscribeAsync(host.Anyone, Nodes, new { where });

        JsonElement snapshot = await socket.NextAsync();
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.5m });
        JsonElement changed = await socket.NextAsync();

        Assert.All([host.Anyone, entityFramework], api => Assert.Equal(gridId, FoundAsync(api, where).Result));
        Assert.Equal(gridId, Assert.Single(snapshot.GetProperty("gridNodes").EnumerateArray()).GetProperty("gridId").GetInt64());
        Assert.Equal("GridNodeChanged", changed.GetProperty("__typename").GetString());
    }

    private static async Task<long?> FoundAsync(Api api, object where)
    {
        const string query = "query($where: GridNodeFilterInput) { gridNodes(where: $where) { nodes { gridId } } }";
        JsonElement nodes = (await api.DataAsync(query, new { where })).GetProperty("gridNodes").GetProperty("nodes");
        return nodes.GetArrayLength() == 1 ? nodes[0].GetProperty("gridId").GetInt64() : null;
    }
}
