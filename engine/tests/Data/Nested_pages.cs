using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Nested_pages(Harbour harbour) : IClassFixture<Harbour>
{
    [Fact]
    public async Task Each_parent_gets_its_own_page_whatever_the_other_parents()
    {
        var random = new Random(Harbour.Seed);
        for (int i = 0; i < 15; i++)
        {
            JsonArray order = OrderOracle.Random(random);
            JsonObject where = new RandomWhere(random).Ship(depth: 1);
            int size = random.Next(0, 6);
            JsonArray berths = (await harbour.DataAsync(
                """
                query($first: Int, $where: ShipFilterInput, $order: [ShipSortInput!]) {
                  berths { nodes { id
                    first: ships(first: $first, where: $where, order: $order) { totalCount nodes { id } pageInfo { hasNextPage } }
                    last: ships(last: $first, where: $where, order: $order) { totalCount nodes { id } pageInfo { hasPreviousPage } } } }
                }
                """,
                new { first = size, where, order }))["berths"]!["nodes"]!.AsArray();

            Assert.Equal(harbour.Berths.Count, berths.Count);
            foreach (JsonNode? berth in berths)
            {
                IEnumerable<Ship> there = harbour.Ships.Where(ship => ship.BerthId == (long)berth!["id"]! && WhereOracle.Holds(where, PlainShips.Of(ship)));
                string[] all = [.. OrderOracle.Sort(there, order).Select(PlainShips.IdOf)];
                string context = $"seed {Harbour.Seed}, {i}, berth {berth!["id"]}: {order.ToJsonString()} {where.ToJsonString()}";
                Assert.True(all.Take(size).SequenceEqual(Ids(berth["first"]!)), context);
                Assert.True(all.TakeLast(size).SequenceEqual(Ids(berth["last"]!)), context);
                Assert.Equal(all.Length, (int)berth["first"]!["totalCount"]!);
                Assert.Equal(all.Length > size, (bool)berth["first"]!["pageInfo"]!["hasNextPage"]!);
                Assert.Equal(all.Length > size, (bool)berth["last"]!["pageInfo"]!["hasPreviousPage"]!);
            }
        }
    }

    [Fact]
    public async Task Lists_in_memory_are_paged_with_the_same_call()
    {
        IReadOnlyDictionary<int, Page<Ship>> pages = await harbour.Ships.AsQueryable().OrderByDescending(ship => ship.Flag)
            .ToBatchPageAsync(ship => ship.Crew, [0, 2, 99], new PagingArguments(First: 4));

        Assert.Equal([0, 2], pages.Keys.Order());
        foreach ((int crew, Page<Ship> page) in pages)
        {
            Ship[] all = [.. OrderOracle.Sort(harbour.Ships.Where(ship => ship.Crew == crew), [new JsonObject { ["flag"] = "DESC" }])];
            Assert.Equal(all.Take(4), page.Items);
            Assert.Equal(all.Length, page.TotalCount);
            Assert.True(page.HasNextPage);
        }
    }

    private static string[] Ids(JsonNode page) => [.. page["nodes"]!.AsArray().Select(node => (string)node!["id"]!)];
}
