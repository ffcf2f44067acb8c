using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Farms;

[Collection(ApiCollection.Name)]
public sealed class LinkFarmerTwinTests(ApiHost host)
{
    private const long UnknownTwin = 4_000_000;
    private const long ReadTwin = 910_001;
    private const long KeptTwin = 910_002;

    [Fact]
    public async Task A_twin_is_linked_once_and_keeps_its_account()
    {
        await host.AddFarmAsync("main", ReadTwin, ReadTwin);
        string first = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));
        string second = await ApiHost.GlobalIdAsync(await host.RenterAsync(dollars: 0));

        JsonElement linked = Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(ReadTwin, first));
        Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(ReadTwin, first));
        Refusal.AssertIs("TwinAlreadyLinked", await LinkAsync(ReadTwin, second));

        Assert.Equal((first, 1), (linked.GetProperty("accountId").GetString(), linked.GetProperty("farmCount").GetInt32()));
    }

    [Fact]
    public async Task A_twin_that_owns_no_farm_of_the_grid_is_not_found_and_nothing_is_linked()
    {
        await host.AddFarmAsync("test", KeptTwin, KeptTwin);
        Api farmer = await host.RenterAsync(dollars: 0);
        string account = await ApiHost.GlobalIdAsync(farmer);

        Refusal.AssertIs("TwinNotFound", await LinkAsync(UnknownTwin, account));
        Refusal.AssertIs("TwinNotFound", await LinkAsync(KeptTwin, account));

        Assert.Equal(["RENTER"], await farmer.RolesAsync());
    }

    [Fact]
    public async Task An_unknown_account_is_not_found() =>
        Refusal.AssertIs("AccountNotFound", await LinkAsync(UnknownTwin, GlobalId.Encode("Account", Guid.NewGuid())));

    [Fact]
    public async Task An_id_of_another_type_is_bad_input() =>
        Assert.Equal("BAD_USER_INPUT", await host.Operator.MutationErrorCodeAsync(
            "linkFarmerTwin", new { twinId = UnknownTwin, accountId = GlobalId.Encode("Farm", 1) }));

    [Fact]
    public async Task Only_operators_link()
    {
        var input = new { twinId = UnknownTwin, accountId = await ApiHost.GlobalIdAsync(host.Farmer) };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("linkFarmerTwin", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("linkFarmerTwin", input));
    }

    [Fact]
    public async Task A_node_whose_farm_gets_another_owner_leaves_the_market_and_subscribers_get_the_reason()
    {
        long gridId = await host.PublishAsync();
        await using NpgsqlConnection database = await host.Database.OpenConnectionAsync();
        using Socket nodeStream = await Socket.SubscribeAsync(host.Anyone,
            """
            subscription($gridId: Long!) {
              onGridNodeChanged(where: { grid: { eq: "main" }, gridId: { eq: $gridId } }) {
                __typename
                ... on GridNodesSnapshot { gridNodes { gridId } }
                ... on GridNodeChanged { reason gridNode { isPublished pricePerSliceHour isSellable unavailability sliceCombinations { id } } }
              }
            }
            """, new { gridId });
        await nodeStream.NextAsync();
        await ExecuteAsync(
            """
            INSERT INTO farms (id, grid, name, twin_id, certification, is_dedicated, public_ip_count, free_public_ip_count, capacity_as_of)
            VALUES (910000, 'main', 'Sold', 910004, 'Gold', false, 0, 0, now()) ON CONFLICT DO NOTHING
            """);

        // As a sync pass does.
        await ExecuteAsync($"UPDATE nodes SET farm_id = 910000, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = {gridId}");

        JsonElement node = (await nodeStream.NextAsync("NODE_LOST_FARMER")).GetProperty("gridNode");
        Assert.Equal((false, JsonValueKind.Null, false, "NOT_REGISTERED", 0), (
            node.GetProperty("isPublished").GetBoolean(), node.GetProperty("pricePerSliceHour").ValueKind, node.GetProperty("isSellable").GetBoolean(),
            node.GetProperty("unavailability").GetString(), node.GetProperty("sliceCombinations").GetArrayLength()));
        Refusal.AssertIs("NotYourNode", await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.5m }));

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, database);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_new_farm_owner_is_streamed_with_the_nodes_of_the_farm()
    {
        const long twin = 910_003;
        await host.AddFarmAsync("main", twin, twin);
        long gridId = await host.DiscoverAsync();
        await host.SqlAsync("UPDATE nodes SET farm_id = $1, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = $2", twin, gridId);
        Api newOwner = await host.RenterAsync(dollars: 0);
        using Socket nodeStream = await Socket.SubscribeAsync(newOwner,
            """
            subscription($gridId: Long!) {
              onGridNodeChanged(where: { grid: { eq: "main" }, gridId: { eq: $gridId } }) {
                __typename
                ... on GridNodeChanged { reason gridNode { farm { gridId twinId keptByTwinId } } }
              }
            }
            """, new { gridId });
        await nodeStream.NextAsync();

        Refusal.AssertNone("FarmerTwinLinked", await LinkAsync(twin, await ApiHost.GlobalIdAsync(newOwner)));

        JsonElement farm = (await nodeStream.NextAsync("FARM_OWNER_CHANGED")).GetProperty("gridNode").GetProperty("farm");
        Assert.Equal((twin, JsonValueKind.Null), (farm.GetProperty("twinId").GetInt64(), farm.GetProperty("keptByTwinId").ValueKind));
        Refusal.AssertNone(
            "NodeRegistered", await newOwner.MutateAsync("registerNode", new { gridId, pricePerSliceHour = 0.02m, idempotencyKey = host.NewKey() }));
    }

    private Task<JsonElement> LinkAsync(long twinId, string accountId) =>
        host.Operator.MutateAsync("linkFarmerTwin", new { twinId, accountId }, "... on FarmerTwinLinked { twinId accountId farmCount farms { twinId } }");
}
