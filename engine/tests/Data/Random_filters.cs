using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Random_filters(Harbour harbour) : IClassFixture<Harbour>
{
    private const int FilterCount = 300;
    private const string Query = "query($where: ShipFilterInput) { fleet(where: $where) { id } }";

    [Fact]
    public async Task Find_the_same_ships_in_the_database_as_in_memory_and_as_the_oracle_says()
    {
        var random = new Random(Harbour.Seed);
        int foundCount = 0;
        for (int i = 0; i < FilterCount; i++)
        {
            JsonObject where = new RandomWhere(random).Ship(depth: 3);
            string[] expected =
                [.. harbour.Ships.Where(ship => WhereOracle.Holds(where, PlainShips.Of(ship))).Select(PlainShips.IdOf).Order(StringComparer.Ordinal)];
            string context = $"seed {Harbour.Seed}, filter {i}: {where.ToJsonString()}";

            string[] inMemory = InMemory(where);
            string[] inDatabase =
                [.. (await harbour.DataAsync(Query, new { where }))["fleet"]!.AsArray().Select(ship => (string)ship!["id"]!).Order(StringComparer.Ordinal)];

            Assert.True(expected.SequenceEqual(inMemory), $"memory, {context}: {string.Join(' ', expected)} expected, found {string.Join(' ', inMemory)}");
            Assert.True(
                expected.SequenceEqual(inDatabase),
                $"database, {context}: {string.Join(' ', expected)} expected, found {string.Join(' ', inDatabase)}");
            foundCount += expected.Length is > 0 and < Harbour.ShipCount ? 1 : 0;
        }
        Assert.True(foundCount > FilterCount / 3, $"Only {foundCount} filters tell ships apart: they show nothing.");
    }

    private string[] InMemory(JsonObject where)
    {
        object? coerced = ValueCoercion.FromJson(System.Text.Json.JsonSerializer.SerializeToElement(where), harbour.Schema.FindType("ShipFilterInput")!);
        FilterPredicate<Ship> filter = FilterPredicate.Compile<Ship>(coerced);
        return [.. harbour.Ships.Where(filter.Matches).Select(PlainShips.IdOf).Order(StringComparer.Ordinal)];
    }
}
