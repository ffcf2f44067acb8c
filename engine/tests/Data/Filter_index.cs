using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Filter_index(Harbour harbour) : IClassFixture<Harbour>
{
    private const int FilterCount = 600;

    [Fact]
    public void Finds_all_holders_whose_filter_an_item_matches_and_tries_few_others()
    {
        var random = new Random(Harbour.Seed);
        var index = new FilterIndex<Ship, int>();
        FilterPredicate<Ship>?[] filters = new FilterPredicate<Ship>?[FilterCount];
        string[] texts = new string[FilterCount];
        for (int holder = 0; holder < FilterCount; holder++)
        {
            JsonObject where = new RandomWhere(random).Ship(depth: 3);
            texts[holder] = where.ToJsonString();
            filters[holder] = random.Next(50) == 0 ? null : Compile(where);
            index.Add(holder, filters[holder]);
        }
        int[] gone = [.. Enumerable.Range(0, FilterCount).Where(_ => random.Next(5) == 0)];
        foreach (int holder in gone)
            index.Remove(holder);

        int candidateCount = 0, matchCount = 0;
        foreach (Ship ship in harbour.Ships)
        {
            var candidates = new HashSet<int>();
            index.Collect(ship, candidates);
            candidateCount += candidates.Count;
            Assert.Empty(candidates.Intersect(gone));
            for (int holder = 0; holder < FilterCount; holder++)
            {
                if (gone.Contains(holder) || filters[holder]?.Matches(ship) == false)
                    continue;
                matchCount++;
                Assert.True(candidates.Contains(holder), $"seed {Harbour.Seed}, filter {holder}: {texts[holder]}, ship {ship.Id}");
            }
        }
        Assert.Equal(FilterCount - gone.Length, index.Count);
        Assert.True(index.UnconditionalCount < index.Count, "No filter asks for equality: this shows nothing.");
        Assert.True(candidateCount < harbour.Ships.Count * index.Count * 9 / 10, $"{candidateCount} tried for {matchCount} matches.");
    }

    [Theory]
    [InlineData("""{"crew":{"eq":1}}""", 0)]
    [InlineData("""{"crew":{"in":[1,2]},"name":{"startsWith":"a"}}""", 0)]
    [InlineData("""{"flag":{"eq":null}}""", 0)]
    [InlineData("""{"and":[{"name":{"contains":"a"}},{"berth":{"port":{"city":{"eq":"a"}}}}]}""", 0)]
    [InlineData("""{"or":[{"crew":{"eq":1}},{"crew":{"eq":2},"name":{"eq":"a"}}]}""", 0)]
    [InlineData("""{"or":[{"crew":{"eq":1}},{"name":{"eq":"a"}}]}""", 1)]
    [InlineData("""{"not":{"crew":{"eq":1}}}""", 1)]
    [InlineData("""{"crew":{"neq":1}}""", 1)]
    [InlineData("""{"crew":{"gte":1}}""", 1)]
    [InlineData("""{"cargos":{"some":{"goods":{"eq":"a"}}}}""", 1)]
    public void Stores_a_filter_under_its_values_if_it_requires_equality(string where, int unconditional)
    {
        var index = new FilterIndex<Ship, int>();

        index.Add(1, Compile(JsonNode.Parse(where)!.AsObject()));

        Assert.Equal(unconditional, index.UnconditionalCount);
    }

    [Fact]
    public void Chooses_the_most_selective_equality()
    {
        var index = new FilterIndex<Ship, int>();
        for (int crew = 0; crew < 4; crew++)
            index.Add(crew, Compile(new JsonObject { ["isArmed"] = new JsonObject { ["eq"] = true }, ["crew"] = new JsonObject { ["eq"] = crew } }));

        foreach (Ship ship in harbour.Ships)
        {
            var candidates = new HashSet<int>();
            index.Collect(ship, candidates);
            Assert.True(candidates.Count <= 2, $"{candidates.Count} tried for ship {ship.Id}");
        }
    }

    private FilterPredicate<Ship> Compile(JsonObject where) =>
        FilterPredicate.Compile<Ship>(ValueCoercion.FromJson(JsonSerializer.SerializeToElement(where), harbour.Schema.FindType("ShipFilterInput")!));
}
