using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>Compares the cost of random documents with an evaluator that only follows the definition.</summary>
public sealed class CostPropertyTests(ITestOutputHelper output)
{
    private static readonly Schema Schema = SchemaBuilder.FromSdl(CostWorld.Sdl).Build();

    [Fact]
    public async Task It_is_what_the_definition_says()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        TestEngine engine = CostWorld.Engine();

        for (int round = 0; round < 1_000; round++)
        {
            string query = new RandomSelections(random).Document();
            int first = random.Next(0, 20);
            bool includes = random.Next(2) == 0;

            OperationCost cost = await engine.CostAsync(query, $$"""{"n":{{first}},"if":{{(includes ? "true" : "false")}}}""");

            OperationCost expected = new NaiveCost(Schema, Parser.ParseDocument(query), first, includes).Of();
            Assert.True(Near(expected, cost), $"seed {seed}: {expected} expected, {cost} found for {query} with {first}, {includes}");
        }
    }

    [Fact]
    public async Task More_items_never_cost_less_nor_a_part_more_than_the_whole()
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        TestEngine engine = CostWorld.Engine();

        for (int round = 0; round < 300; round++)
        {
            (string part, string whole) = new RandomSelections(random).PartAndWhole();
            int first = random.Next(0, 20);
            OperationCost less = await engine.CostAsync(part, $$"""{"n":{{first}},"if":true}""");

            Assert.True(IsAtMost(less, await engine.CostAsync(whole, $$"""{"n":{{first}},"if":true}""")), $"seed {seed}: {part} costs more than {whole}");
            Assert.True(
                IsAtMost(less, await engine.CostAsync(part, $$"""{"n":{{first + 1}},"if":true}""")),
                $"seed {seed}: {part} costs less with {first + 1}");
        }
    }

    [Fact]
    public async Task The_cost_of_a_fragment_spread_a_billion_times_is_computed_once()
    {
        var query = new StringBuilder("{ one { ...F0 } } ");
        for (int n = 0; n < 30; n++)
            query.Append(
                CultureInfo.InvariantCulture,
                $"fragment F{n} on Thing {{ x: things(first: 1) {{ ...F{n + 1} }} y: things(first: 1) {{ ...F{n + 1} }} }} ");
        query.Append("fragment F30 on Thing { name }");

        OperationCost cost = await CostWorld.Engine().CostAsync(query.ToString());

        Assert.Equal(10 + Math.Pow(2, 31) - 2, cost.FieldCost);
    }

    [Fact]
    public async Task Fragments_that_combine_differently_for_each_type_are_refused_in_bounded_time()
    {
        // Which fragments meet at a level depends on the levels above it where the type was Other: 2^14 combinations.
        const int Depth = 14;
        var query = new StringBuilder("{ named { ...Q0L0 } } ");
        for (int level = 0; level <= Depth; level++)
        {
            string all = level == Depth ? "name" : $"...Q0L{level + 1}";
            query.Append(
                CultureInfo.InvariantCulture,
                $"fragment Q0L{level} on Named {{ ... on Thing {{ named {{ {all} }} }} ... on Other {{ "
                    + $"named {{ {all}{(level == Depth ? "" : $" ...Q1L{level + 1}")} }} }} }} ");
            for (int state = 1; state <= level; state++)
                query.Append(
                    CultureInfo.InvariantCulture,
                    $"fragment Q{state}L{level} on Named {{ named {{ {(level == Depth ? $"n{state}: name" : $"...Q{state + 1}L{level + 1}")} }} }} ");
        }

        TestEngine engine = CostWorld.Engine();
        engine.Options.Validation = new Engine.Validation.ValidationOptions { MaxFieldComparisons = int.MaxValue }; // Merging would refuse it first.

        string answer = await engine.AnswerAsync(query.ToString());

        Assert.Contains("\"limit\":\"weighedSelections\"", answer, StringComparison.Ordinal);
    }

    private static bool Near(OperationCost left, OperationCost right) => Near(left.FieldCost, right.FieldCost) && Near(left.TypeCost, right.TypeCost);

    private static bool Near(double left, double right) => Math.Abs(left - right) <= 1e-9 * Math.Max(1, Math.Abs(left));

    private static bool IsAtMost(OperationCost less, OperationCost more) =>
        less.FieldCost <= more.FieldCost * (1 + 1e-12) && less.TypeCost <= more.TypeCost * (1 + 1e-12);
}
