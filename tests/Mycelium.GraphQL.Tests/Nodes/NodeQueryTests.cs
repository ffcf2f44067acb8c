using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Nodes;

[Collection(ApiCollection.Name)]
public sealed class NodeQueryTests(ApiHost host)
{
    [Fact]
    public async Task A_node_is_found_by_its_number_on_the_grid()
    {
        long gridId = await host.DiscoverAsync();
        const string query = "query($gridId: Long!) { gridNode(gridId: $gridId) { id gridId farm { gridId name } } }";

        JsonElement node = (await host.Anyone.DataAsync(query, new { gridId })).GetProperty("gridNode");

        Assert.Equal(GlobalId.Encode("GridNode", gridId), node.GetProperty("id").GetString());
        Assert.Equal(ApiHost.OwnFarm, node.GetProperty("farm").GetProperty("gridId").GetInt64());
        Assert.Equal(JsonValueKind.Null, (await host.Anyone.DataAsync(query, new { gridId = 77_777_777 })).GetProperty("gridNode").ValueKind);
    }

    [Fact]
    public async Task Every_type_with_an_id_is_found_by_it_and_nodes_keeps_the_order()
    {
        long gridId = await host.PublishAsync();
        string[] ids =
        [
            ApiHost.Combination(gridId), GlobalId.Encode("GridNode", 77_777_777), GlobalId.Encode("Farm", ApiHost.OwnFarm), GlobalId.Encode("GridNode", gridId),
        ];

        JsonElement nodes = (await host.Anyone.DataAsync("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", new { ids })).GetProperty("nodes");

        Assert.Equal(["SliceCombination", null, "Farm", "GridNode"], nodes.EnumerateArray().Select(node => Text(node, "__typename")));
        Assert.Equal([ids[0], null, ids[2], ids[3]], nodes.EnumerateArray().Select(node => Text(node, "id")));

        static string? Text(JsonElement node, string name) => node.ValueKind == JsonValueKind.Null ? null : node.GetProperty(name).GetString();
    }

    [Theory]
    [InlineData("zzz")]
    [InlineData("")]
    public async Task A_malformed_id_among_others_fails_alone(string bad)
    {
        long gridId = await host.DiscoverAsync();
        string good = GlobalId.Encode("GridNode", gridId);

        JsonElement answer = await host.Anyone.SendAsync(
            "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", new { ids = new[] { good, bad, good, GlobalId.Encode("Rental", Guid.NewGuid()) } });

        Assert.Equal([good, null, good, null], answer.GetProperty("data").GetProperty("nodes").EnumerateArray()
            .Select(node => node.ValueKind == JsonValueKind.Null ? null : node.GetProperty("id").GetString()));
        JsonElement error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.Equal("""["nodes",1]""", error.GetProperty("path").GetRawText());
        Assert.Equal("BAD_USER_INPUT", error.GetProperty("extensions").GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("no id")]
    [InlineData("R3JpZE5vZGU6")]
    public async Task A_malformed_id_is_bad_input(string id) =>
        Assert.Equal("BAD_USER_INPUT", await host.Anyone.ErrorCodeAsync("query($id: ID!) { node(id: $id) { id } }", new { id }));

    [Fact]
    public async Task Nodes_are_filtered_whether_they_are_for_rent_or_not()
    {
        long gridId = await host.DiscoverAsync(slices: 3);

        JsonElement nodes = (await host.Anyone.DataAsync(
            "query($gridId: Long!) { gridNodes(where: { gridId: { eq: $gridId }, isPublished: { eq: false } }) { totalCount nodes { sliceCapacity } } }",
            new { gridId })).GetProperty("gridNodes");

        Assert.Equal(1, nodes.GetProperty("totalCount").GetInt32());
        Assert.Equal(3, nodes.GetProperty("nodes")[0].GetProperty("sliceCapacity").GetInt32());
    }
}
