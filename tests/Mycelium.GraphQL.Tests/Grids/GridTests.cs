using System.Text.Json;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Grids;

/// <summary>Two grids on one marketStream: a node is identified by its grid and its number there.</summary>
[Collection(ApiCollection.Name)]
public sealed class GridTests(ApiHost host)
{
    private static readonly string[] lists =
    [
        """
        query($grid: StringOperationFilterInput!) {
          list: gridNodes(first: 60, where: { grid: $grid }, order: [{ grid: DESC }, { gridId: ASC }]) { nodes { grid gridId } }
        }
        """,
        """
        query($grid: StringOperationFilterInput!) {
          list: farms(first: 60, where: { grid: $grid }, order: [{ grid: DESC }, { gridId: ASC }]) { nodes { grid gridId } }
        }
        """,
        """
        query($grid: StringOperationFilterInput!) {
          list: sliceCombinations(
            first: 90
            where: { multiplier: { eq: 1 }, grid: $grid, gridNode: { grid: $grid }, farm: { grid: $grid } }
            order: [{ grid: DESC }]
          ) { nodes { grid } }
        }
        """,
    ];

    private const string ByNumber =
        """
        query($gridId: Long!, $grid: String!) {
          gridNode(gridId: $gridId, grid: $grid) { id grid gridId isPublished pricePerSliceHour farm { grid gridId } }
        }
        """;

    [Fact]
    public async Task Anyone_may_see_the_grids_and_how_current_they_are()
    {
        JsonElement[] grids = [.. (await host.Anyone.DataAsync("{ grids { name status capacityAsOf nodeCount } }")).GetProperty("grids").EnumerateArray()];

        Assert.Equal(
            ["main UP_TO_DATE 90", $"test UP_TO_DATE {ApiHost.TestNodes}"],
            grids.Select(grid => $"{grid.GetProperty("name")} {grid.GetProperty("status")} {grid.GetProperty("nodeCount")}"));
        Assert.All(grids, grid => Assert.InRange(
            grid.GetProperty("capacityAsOf").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddMinutes(1)));
    }

    [Fact]
    public async Task The_same_number_on_two_grids_is_two_nodes_and_main_is_the_default()
    {
        JsonElement main = await NodeAsync("main", 574), test = await NodeAsync("test", 574);
        JsonElement withoutGrid = (await host.Anyone.DataAsync("{ gridNode(gridId: 574) { id } }")).GetProperty("gridNode");

        Assert.Equal((GlobalId.Encode("GridNode", 574), "main", "main"), (Text(main, "id"), Text(main, "grid"), Text(main.GetProperty("farm"), "grid")));
        Assert.Equal((await IdAsync("test", 574), "test", "test"), (Text(test, "id"), Text(test, "grid"), Text(test.GetProperty("farm"), "grid")));
        Assert.Equal((574, 574), (main.GetProperty("gridId").GetInt64(), test.GetProperty("gridId").GetInt64()));
        Assert.Equal(Text(main, "id"), Text(withoutGrid, "id"));
        const string byId = "query($id: ID!) { node(id: $id) { ... on GridNode { grid } } }";
        Assert.Equal("test", Text((await host.Anyone.DataAsync(byId, new { id = Text(test, "id") })).GetProperty("node"), "grid"));
    }

    [Theory]
    [InlineData("test", 77)]
    [InlineData("nowhere", 574)]
    [InlineData("No name", 574)]
    [InlineData("main", 0)]
    [InlineData("main", -1)]
    [InlineData("main", 4_294_967_870)]
    public async Task An_unknown_node_is_null(string grid, long gridId) => Assert.Equal(JsonValueKind.Null, (await NodeAsync(grid, gridId)).ValueKind);

    [Fact]
    public async Task A_farmer_offers_a_node_of_another_grid_and_the_same_number_on_main_is_unaffected()
    {
        long gridId = await host.DiscoverAsync();
        await host.DiscoverAsync("test", gridId);

        Refusal.AssertNone("NodeRegistered", await host.Farmer.MutateAsync("registerNode", new { grid = "test", gridId, idempotencyKey = host.NewKey() }));
        Refusal.AssertNone("NodePublished", await host.Farmer.MutateAsync("publishNode", new { nodeId = await IdAsync("test", gridId) }));
        Refusal.AssertNone(
            "NodePricingSet", await host.Farmer.MutateAsync("setNodePricing", new { nodeId = await IdAsync("test", gridId), pricePerSliceHour = 0.25m }));
        Refusal.AssertIs("NodeNotRegistered", await host.Farmer.MutateAsync("publishNode", new { nodeId = ApiHost.Node(gridId) }));
        Assert.Equal((true, 0.25m), Offer(await NodeAsync("test", gridId)));
        Assert.Equal((false, null), Offer(await NodeAsync("main", gridId)));

        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = host.Input(gridId);
        input["sliceCombinationId"] = ApiHost.Combination(NodeId.Of(await host.NumberOfAsync("test"), gridId).Value);
        JsonElement rented = await renter.MutateAsync("rentSlices", input, "... on SlicesRented { rental { grid gridNode { grid gridId } } }");
        JsonElement rental = Refusal.AssertNone("SlicesRented", rented).GetProperty("rental");
        Assert.Equal(("test", "test"), (Text(rental, "grid"), Text(rental.GetProperty("gridNode"), "grid")));
        JsonElement mine = await renter.DataAsync(
            """
            {
              rentals(where: { gridNode: { grid: { eq: "test" } } }) { totalCount }
              other: rentals(where: { gridNode: { grid: { eq: "main" } } }) { totalCount }
            }
            """);
        Assert.Equal(
            (1, 0), (mine.GetProperty("rentals").GetProperty("totalCount").GetInt32(), mine.GetProperty("other").GetProperty("totalCount").GetInt32()));
        JsonElement listed = (await renter.DataAsync("{ rentals { nodes { grid gridNode { gridId } } } }")).GetProperty("rentals").GetProperty("nodes")[0];
        Assert.Equal("test", Text(listed, "grid")); // The query selects only the node's number.

        Refusal.AssertNone("NodeUnpublished", await host.Farmer.MutateAsync("unpublishNode", new { nodeId = await IdAsync("test", gridId) }));

        static (bool, decimal?) Offer(JsonElement node) => (
            node.GetProperty("isPublished").GetBoolean(),
            node.GetProperty("pricePerSliceHour") is { ValueKind: not JsonValueKind.Null } price ? price.GetDollars() : null);
    }

    [Fact]
    public async Task A_key_that_registered_a_node_is_refused_for_the_same_number_on_another_grid()
    {
        long gridId = await host.DiscoverAsync();
        await host.DiscoverAsync("test", gridId);
        string idempotencyKey = host.NewKey();

        Refusal.AssertNone("NodeRegistered", await host.Farmer.MutateAsync("registerNode", new { gridId, idempotencyKey }));
        Refusal.AssertIs("IdempotencyKeyReused", await host.Farmer.MutateAsync("registerNode", new { grid = "test", gridId, idempotencyKey }));
    }

    [Theory]
    [InlineData("registerNode")]
    [InlineData("linkFarmerTwin")]
    public async Task An_unknown_grid_is_refused_and_nothing_changes(string operation)
    {
        long gridId = await host.PublishAsync();
        string grid = "nowhere", idempotencyKey = host.NewKey();
        object input = operation switch
        {
            "registerNode" => new { grid, gridId, idempotencyKey },
            _ => new { grid, twinId = 920_001, accountId = await ApiHost.GlobalIdAsync(host.Farmer) },
        };
        JsonElement before = await NodeAsync("main", gridId);

        JsonElement refused = await (operation == "linkFarmerTwin" ? host.Operator : host.Farmer).MutateAsync(operation, input, "... on GridNotFound { grid }");

        Refusal.AssertIs("GridNotFound", refused);
        Assert.Equal("nowhere", Text(refused, "grid"));
        Assert.Equal(before.GetRawText(), (await NodeAsync("main", gridId)).GetRawText());
    }

    [Fact]
    public async Task Lists_are_filtered_and_ordered_by_grid()
    {
        foreach (string query in lists)
        {
            JsonElement[] test = Nodes(await host.Anyone.DataAsync(query, new { grid = new { eq = "test" } }), "list");
            JsonElement[] all = Nodes(await host.Anyone.DataAsync(query, new { grid = new { neq = "nowhere" } }), "list");

            Assert.NotEmpty(test);
            Assert.All(test, node => Assert.Equal("test", Text(node, "grid")));
            (string?, long)[] keys = [.. all.Select(
                node => (Text(node, "grid"), node.TryGetProperty("gridId", out JsonElement number) ? number.GetInt64() : 0))];
            Assert.Equal(keys.OrderByDescending(key => key.Item1, StringComparer.Ordinal).ThenBy(key => key.Item2), keys);
            Assert.Equal(test.Length, keys.Count(key => key.Item1 == "test"));
        }
    }

    [Fact]
    public async Task Subscriptions_are_filtered_by_grid()
    {
        long gridId = await host.PublishAsync();
        await host.DiscoverAsync("test", gridId);
        Refusal.AssertNone("NodeRegistered", await host.Farmer.MutateAsync("registerNode", new { grid = "test", gridId, idempotencyKey = host.NewKey() }));
        Refusal.AssertNone("NodePublished", await host.Farmer.MutateAsync("publishNode", new { nodeId = await IdAsync("test", gridId) }));
        var variables = new { grid = "test", gridId };
        using Socket nodeStream = await Socket.SubscribeAsync(host.Anyone,
            """
            subscription($grid: String!, $gridId: Long!) {
              onGridNodeChanged(where: { grid: { eq: $grid }, gridId: { eq: $gridId } }) {
                __typename ... on GridNodesSnapshot { gridNodes { grid } }
                ... on GridNodeChanged { reason gridNode { grid pricePerSliceHour } }
              }
            }
            """, variables);
        using Socket marketStream = await Socket.SubscribeAsync(host.Anyone,
            """
            subscription($grid: String!, $gridId: Long!) {
              onSliceCombinationChanged(where: { grid: { eq: $grid }, multiplier: { eq: 1 }, gridNode: { gridId: { eq: $gridId } } }) {
                __typename ... on SliceCombinationsSnapshot { sliceCombinations { grid } }
                ... on SliceCombinationChanged { reason sliceCombination { grid pricePerHour } }
              }
            }
            """, variables);
        Assert.Equal("test", Text(Assert.Single((await nodeStream.NextAsync()).GetProperty("gridNodes").EnumerateArray()), "grid"));
        Assert.Equal("test", Text(Assert.Single((await marketStream.NextAsync()).GetProperty("sliceCombinations").EnumerateArray()), "grid"));

        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.5m });
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = await IdAsync("test", gridId), pricePerSliceHour = 0.75m });

        JsonElement node = (await nodeStream.NextAsync("NODE_REPRICED")).GetProperty("gridNode");
        JsonElement offer = (await marketStream.NextAsync("NODE_REPRICED")).GetProperty("sliceCombination");
        Assert.Equal(("test", 0.75m), (Text(node, "grid"), node.GetProperty("pricePerSliceHour").GetDollars()));
        Assert.Equal(("test", 0.75m), (Text(offer, "grid"), offer.GetProperty("pricePerHour").GetDollars()));
    }

    private async Task<JsonElement> NodeAsync(string grid, long gridId) =>
        (await host.Anyone.DataAsync(ByNumber, new { grid, gridId })).GetProperty("gridNode");

    private async Task<string> IdAsync(string grid, long gridId) => GlobalId.Encode("GridNode", NodeId.Of(await host.NumberOfAsync(grid), gridId).Value);

    private static JsonElement[] Nodes(JsonElement data, string list) => [.. data.GetProperty(list).GetProperty("nodes").EnumerateArray()];

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();
}
