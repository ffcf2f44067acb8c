using System.Text.Json.Nodes;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Random_pages(Harbour harbour) : IClassFixture<Harbour>
{
    private const string Arguments = "$first: Int, $after: String, $last: Int, $before: String, $where: ShipFilterInput, $order: [ShipSortInput!]";
    private const string Passed = "first: $first, after: $after, last: $last, before: $before, where: $where, order: $order";
    private const string Shown = "{ totalCount edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }";

    [Theory]
    [InlineData("ships", 30)]
    [InlineData("shipsInMemory", 15)]
    public async Task Join_to_the_whole_list_in_its_order_forward_and_backward(string field, int listCount)
    {
        var random = new Random(Harbour.Seed);
        for (int i = 0; i < listCount; i++)
        {
            JsonArray order = OrderOracle.Random(random);
            JsonObject where = random.Next(2) == 0 ? [] : new RandomWhere(random).Ship(depth: 1);
            string[] expected =
                [.. OrderOracle.Sort(harbour.Ships.Where(ship => WhereOracle.Holds(where, PlainShips.Of(ship))), order).Select(PlainShips.IdOf)];
            string context = $"seed {Harbour.Seed}, list {i}: {order.ToJsonString()} {where.ToJsonString()}";

            List<string> forward = await ReadAsync(field, order, where, expected.Length, random, isBackward: false);
            List<string> backward = await ReadAsync(field, order, where, expected.Length, random, isBackward: true);

            Assert.True(expected.SequenceEqual(forward), $"forward, {context}:\n{string.Join(' ', expected)} expected, read\n{string.Join(' ', forward)}");
            Assert.True(expected.SequenceEqual(backward), $"backward, {context}:\n{string.Join(' ', expected)} expected, read\n{string.Join(' ', backward)}");
        }
    }

    private async Task<List<string>> ReadAsync(string field, JsonArray order, JsonObject where, int count, Random random, bool isBackward)
    {
        var read = new List<string>();
        string? cursor = null;
        while (true)
        {
            int size = random.Next(1, 60);
            object variables = isBackward ? new { last = size, before = cursor, order, where } : new { first = size, after = cursor, order, where };
            JsonNode page = (await harbour.DataAsync($"query({Arguments}) {{ {field}({Passed}) {Shown} }}", variables))[field]!;

            JsonArray edges = page["edges"]!.AsArray();
            read.InsertRange(isBackward ? 0 : read.Count, edges.Select(edge => (string)edge!["node"]!["id"]!));
            JsonNode info = page["pageInfo"]!;
            bool goesOn = (bool)info[isBackward ? "hasPreviousPage" : "hasNextPage"]!;
            Assert.Equal(cursor is not null, (bool)info[isBackward ? "hasNextPage" : "hasPreviousPage"]!);
            Assert.Equal(read.Count < count, goesOn);
            Assert.Equal(count, (int)page["totalCount"]!);
            Assert.Equal((string?)edges.FirstOrDefault()?["cursor"], (string?)info["startCursor"]);
            Assert.Equal((string?)edges.LastOrDefault()?["cursor"], (string?)info["endCursor"]);
            if (!goesOn)
                return read;
            cursor = (string)info[isBackward ? "startCursor" : "endCursor"]!;
        }
    }
}
