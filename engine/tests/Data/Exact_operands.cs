using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>
/// Filters compare with anything that can be ordered among their values, whether or not the type can represent it. Random_filters compares them with
/// an oracle.
/// </summary>
public sealed class Exact_operands(Harbour harbour) : IClassFixture<Harbour>
{
    private const string Query = "query($where: ShipFilterInput) { fleet(where: $where) { id } }";

    [Theory]
    [InlineData("crew", "lt", "2147483648", true)]
    [InlineData("crew", "gt", "-99999999999999999999999999", true)]
    [InlineData("crew", "gt", "2147483648", false)]
    [InlineData("crew", "eq", "2147483648", false)]
    [InlineData("crew", "neq", "2147483648", true)]
    [InlineData("crew", "nin", "[2147483648, -2147483649]", true)]
    [InlineData("crew", "ngte", "2147483648", true)]
    [InlineData("tonnage", "lte", "9223372036854775808", true)]
    [InlineData("tonnage", "gte", "9223372036854775808", false)]
    [InlineData("fee", "gt", "-1", true)]
    [InlineData("fee", "lt", "-1", false)]
    [InlineData("fee", "nlt", "-0.0000000000000000000000000000001", true)]
    [InlineData("fee", "eq", "\"1e-29\"", false)]
    [InlineData("fee", "lt", "1e999999999999", true)]
    [InlineData("fee", "gt", "\"1e999999999999\"", false)]
    [InlineData("fee", "gt", "-0.013888888888888888", true)]
    [InlineData("builtAt", "gt", "\"0000-02-29T00:00:00Z\"", true)]
    [InlineData("builtAt", "lt", "\"0001-01-01T00:00:00+23:59\"", false)]
    [InlineData("builtAt", "lt", "\"9999-12-31t23:59:59.999999999999-23:59\"", true)]
    [InlineData("builtAt", "eq", "\"2026-01-01T00:00:00.000000001z\"", false)]
    public async Task All_ships_match_or_none_by_literal_and_by_variable(string field, string name, string operand, bool pass)
    {
        int expected = pass ? Harbour.ShipCount : 0;

        JsonNode literal = await harbour.DataAsync($$$"""{ fleet(where: { {{{field}}}: { {{{name}}}: {{{operand}}} } }) { id } }""");
        JsonNode variable = await harbour.DataAsync(Query, new { where = JsonNode.Parse($$$"""{ "{{{field}}}": { "{{{name}}}": {{{operand}}} } }""") });
        JsonNode scalar = await harbour.DataAsync(
            $$$"""query($operand: {{{TypeOf(field, name)}}}) { fleet(where: { {{{field}}}: { {{{name}}}: $operand } }) { id } }""",
            new { operand = JsonNode.Parse(operand) });

        Assert.All([literal, variable, scalar], answer => Assert.Equal(expected, answer["fleet"]!.AsArray().Count));
    }

    [Fact]
    public async Task An_instant_between_two_microseconds_is_neither_of_them()
    {
        DateTimeOffset built = harbour.Ships[0].BuiltAt;
        int before = harbour.Ships.Count(ship => ship.BuiltAt <= built);

        foreach (string digits in (string[])["1", "01", "9", "000000000001"])
        {
            string between = built.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + digits + "Z";

            Assert.Equal(before, await CountAsync("lt", between));
            Assert.Equal(before, await CountAsync("lte", between));
            Assert.Equal(Harbour.ShipCount - before, await CountAsync("gt", between));
            Assert.Equal(Harbour.ShipCount - before, await CountAsync("gte", between));
            Assert.Equal(0, await CountAsync("eq", between));
            Assert.Equal(Harbour.ShipCount, await CountAsync("neq", between));
        }
    }

    [Theory]
    [InlineData("query($crew: Int!) { fleet(where: { crew: { eq: $crew } }) { id } passes(number: $crew) }")]
    [InlineData("query($crew: Int!) { fleet(where: { crew: { eq: $crew } }) { id } ...Other } fragment Other on Query { passes(number: $crew) }")]
    public async Task A_variable_that_is_not_only_compared_must_have_its_type(string query)
    {
        (string code, string message) = await harbour.RefusalAsync(query, new { crew = 3_000_000_000 });

        Assert.Equal(("BAD_USER_INPUT", "`$crew`: Int takes a whole number from -2147483648 to 2147483647, not 3000000000."), (code, message));
    }

    [Theory]
    [InlineData("Decimal", "\"1e-29\"")]
    [InlineData("Decimal", "0.00000000000000000000000000001")]
    [InlineData("DateTime", "\"2026-01-01T00:00:00.00000001Z\"")]
    [InlineData("DateTime", "\"0000-01-01T00:00:00Z\"")]
    [InlineData("Int", "2147483648")]
    [InlineData("Long", "9223372036854775808")]
    public void An_input_that_its_type_cannot_represent_is_refused_in_plain_words(string type, string value)
    {
        var refusal = Assert.Throws<CoercionException>(() => ValueCoercion.FromJson(JsonDocument.Parse(value).RootElement, harbour.Schema.FindType(type)!));

        Assert.StartsWith($"`value`: {type} takes ", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ crew: { gt: 1.5 } }")]
    [InlineData("{ crew: { gt: \"1\" } }")]
    [InlineData("{ builtAt: { gt: \"2026-02-30T00:00:00Z\" } }")]
    [InlineData("{ builtAt: { gt: \"2026-01-01T00:00:00\" } }")]
    [InlineData("{ fee: { gt: \"dear\" } }")]
    [InlineData("{ fee: { gt: \"NaN\" } }")]
    [InlineData("{ draught: { gt: \"1\" } }")]
    public async Task An_operand_that_cannot_be_ordered_is_still_refused(string where) =>
        Assert.Equal("GRAPHQL_VALIDATION_FAILED", (await harbour.RefusalAsync($"{{ fleet(where: {where}) {{ id }} }}")).Code);

    private async Task<int> CountAsync(string name, string instant)
    {
        JsonObject where = new() { ["builtAt"] = new JsonObject { [name] = instant } };
        return (await harbour.DataAsync(Query, new { where }))["fleet"]!.AsArray().Count;
    }

    private static string TypeOf(string field, string name)
    {
        string type = field switch { "crew" => "Int", "tonnage" => "Long", "fee" => "Decimal", _ => "DateTime" };
        return name is "in" or "nin" ? $"[{type}]" : type;
    }
}
