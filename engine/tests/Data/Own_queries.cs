using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Own_queries(Harbour harbour) : IClassFixture<Harbour>
{
    [Fact]
    public async Task The_order_of_a_resolver_applies_when_the_client_gives_none()
    {
        JsonArray order = [new JsonObject { ["builtAt"] = "DESC" }, new JsonObject { ["berth"] = new JsonObject { ["name"] = "ASC" } }];
        string[] expected = [.. OrderOracle.Sort(harbour.Ships, order).Select(PlainShips.IdOf)];
        List<string> read = [];
        string? after = null;
        for (bool goesOn = true; goesOn;)
        {
            JsonNode page = (await harbour.DataAsync(
                "query($after: String) { newest(first: 5, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }", new { after }))["newest"]!;
            read.AddRange(page["nodes"]!.AsArray().Select(node => (string)node!["id"]!));
            after = (string)page["pageInfo"]!["endCursor"]!;
            goesOn = (bool)page["pageInfo"]!["hasNextPage"]!;
        }

        Assert.Equal(expected, read);
    }

    [Fact]
    public async Task A_resolver_may_receive_the_query_of_its_field_and_page_by_itself()
    {
        JsonNode data = await harbour.DataAsync("{ armed(first: 2, where: { crew: { gt: 0 } }, order: [{ fee: DESC }]) { totalCount nodes { id } } }");

        string[] expected =
            [.. OrderOracle.Sort(harbour.Ships.Where(ship => ship.IsArmed && ship.Crew > 0), [new JsonObject { ["fee"] = "DESC" }]).Select(PlainShips.IdOf)];
        Assert.Equal(expected.Take(2), data["armed"]!["nodes"]!.AsArray().Select(node => (string)node!["id"]!));
        Assert.Equal(expected.Length, (int)data["armed"]!["totalCount"]!);
    }

    [Fact]
    public async Task A_page_made_by_hand_keeps_its_cursors()
    {
        JsonNode page =
            (await harbour.DataAsync("{ byHand(first: 2) { edges { cursor node { crew } } pageInfo { hasNextPage endCursor } totalCount } }"))["byHand"]!;

        Assert.Equal("at 0", (string)page["edges"]![0]!["cursor"]!);
        Assert.Equal("at 1", (string)page["pageInfo"]!["endCursor"]!);
        Assert.Equal(7, (int)page["totalCount"]!);
    }

    [Fact]
    public async Task A_field_that_lists_nothing_may_read_a_filter()
    {
        JsonNode data = await harbour.DataAsync(
            """
            {
              one: passes(number: 1, where: { id: { eq: "U2hpcDox" } })
              other: passes(number: 2, where: { id: { eq: "U2hpcDox" } })
              any: passes(number: 2)
            }
            """);

        Assert.True((bool)data["one"]!);
        Assert.False((bool)data["other"]!);
        Assert.True((bool)data["any"]!);
    }

    [Fact]
    public async Task A_resolver_bound_to_a_property_can_be_filtered_and_sorted_by()
    {
        JsonNode data = await harbour.DataAsync(
            """
            {
              bound: fleet(where: { mooring: { depth: { gt: 0 } } }, order: [{ mooring: { name: DESC } }]) { id mooring { depth port { id } } }
              plain: fleet(where: { berth: { depth: { gt: 0 } } }, order: [{ berth: { name: DESC } }]) { id mooring: berth { depth port { id } } }
            }
            """);

        Assert.NotEmpty(data["bound"]!.AsArray());
        Assert.Equal(data["plain"]!.AsArray().Select(ship => (string)ship!["id"]!), data["bound"]!.AsArray().Select(ship => (string)ship!["id"]!));
        Assert.All(data["bound"]!.AsArray(), ship => Assert.True((int)ship!["mooring"]!["depth"]! > 0));
    }

    [Fact]
    public async Task A_subscription_delivers_what_matches_its_filter()
    {
        JsonObject where = new() { ["berth"] = new JsonObject { ["name"] = new JsonObject { ["neq"] = null } } };

        IReadOnlyList<JsonNode> events = await harbour.ListenAsync("subscription($where: ShipFilterInput) { onShipSeen(where: $where) { id } }", new { where });

        Assert.Equal(
            harbour.Ships.Where(ship => ship.Berth?.Name is not null).Select(PlainShips.IdOf),
            events.Select(one => (string)one["onShipSeen"]!["id"]!));
    }

    [Fact]
    public async Task A_query_is_paged_without_a_field_too()
    {
        Page<Ship> first = await harbour.Ships.AsQueryable().OrderBy(ship => ship.Name).ToPageAsync(new PagingArguments(First: 50));
        Page<Ship> second = await harbour.Ships.AsQueryable().OrderBy(ship => ship.Name).ToPageAsync(
            new PagingArguments(First: 100, After: first.CursorAt(49)));

        Assert.Equal(OrderOracle.Sort(harbour.Ships, [new JsonObject { ["name"] = "ASC" }]), first.Items.Concat(second.Items));
        Assert.True(first.HasNextPage);
        Assert.False(second.HasNextPage);
        Assert.Equal(Harbour.ShipCount, first.TotalCount);
    }

    [Fact]
    public async Task One_item_is_projected_like_a_list()
    {
        JsonNode data = await harbour.DataAsync("{ ship(number: 1) { name berth { depth } } none: ship(number: 0) { name } }");

        Assert.Equal(harbour.Ships[0].Name, (string)data["ship"]!["name"]!);
        Assert.Null(data["none"]);
    }
}
