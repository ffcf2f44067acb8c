using System.Buffers.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Refused_arguments(Harbour harbour) : IClassFixture<Harbour>
{
    [Theory]
    [InlineData("first: -1", "BAD_USER_INPUT", "`first` must be 0 or more, not -1.")]
    [InlineData("last: -1", "BAD_USER_INPUT", "`last` must be 0 or more, not -1.")]
    [InlineData("first: 101", "LIMIT_EXCEEDED", "`first` must be at most 100, not 101.")]
    [InlineData("last: 101", "LIMIT_EXCEEDED", "`last` must be at most 100, not 101.")]
    [InlineData("first: 1, last: 1", "BAD_USER_INPUT", "Use either `first` or `last`, not both.")]
    [InlineData("after: \"\"", "INVALID_CURSOR", "`after` is not a cursor from this API.")]
    [InlineData("after: \"no cursor!\"", "INVALID_CURSOR", "`after` is not a cursor from this API.")]
    [InlineData(
        "last: 1, before: \"AAAAAAAA\"", "INVALID_CURSOR",
        "`before` is a cursor of another list or order; use a cursor from this list in the same order.")]
    public async Task An_impossible_page_is_refused(string arguments, string code, string message)
    {
        (string Code, string Message) refusal = await harbour.RefusalAsync($"{{ ships({arguments}) {{ nodes {{ name }} }} }}");

        Assert.Equal((code, message), refusal);
    }

    [Fact]
    public async Task A_refused_page_makes_its_parent_null_since_connections_are_non_null()
    {
        (JsonNode answer, _) = await harbour.AskAsync("{ berths(first: 1) { nodes { name ships(first: 101) { nodes { name } } } } }");

        Assert.Null(answer["data"]);
        Assert.Equal("""["berths","nodes",0,"ships"]""", answer["errors"]![0]!["path"]!.ToJsonString());
    }

    [Fact]
    public async Task A_resolver_declared_nullable_may_return_no_page() =>
        Assert.Null((await harbour.DataAsync("{ lostShips { nodes { name } } }"))["lostShips"]);

    [Theory]
    [InlineData("first: 0")]
    [InlineData("first: 100")]
    [InlineData("last: 100")]
    [InlineData("first: null, last: null")]
    public async Task A_page_at_a_limit_is_returned(string arguments)
    {
        Assert.NotNull(await harbour.DataAsync($"{{ ships({arguments}) {{ nodes {{ name }} }} }}"));
    }

    [Fact]
    public async Task A_cursor_of_another_order_is_refused()
    {
        string cursor = await CursorAsync("[{ fee: ASC }]");

        (string code, _) = await harbour.RefusalAsync($"{{ ships(after: \"{cursor}\", order: [{{ fee: DESC }}]) {{ nodes {{ name }} }} }}");

        Assert.Equal("INVALID_CURSOR", code);
    }

    [Fact]
    public async Task A_damaged_cursor_is_refused_or_a_position_but_never_an_internal_error()
    {
        const string Order = "[{ flag: ASC }, { discount: DESC }, { draught: ASC }, { lastSeenAt: ASC }, { kind: DESC }, { serial: ASC }, { isArmed: ASC }]";
        byte[] cursor = Base64Url.DecodeFromChars(await CursorAsync(Order));
        var random = new Random(Harbour.Seed);
        int refusedCount = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] damaged = [.. cursor];
            damaged[random.Next(4, damaged.Length)] = (byte)random.Next(256);
            if (random.Next(3) == 0)
                damaged = damaged[..random.Next(damaged.Length)];

            (var answer, _) = await harbour.AskAsync(
                $"query($after: String) {{ ships(after: $after, order: {Order}) {{ nodes {{ name }} }} }}", new { after = Base64Url.EncodeToString(damaged) });

            string? code = (string?)answer["errors"]?[0]?["extensions"]?["code"];
            Assert.True(code is null or "INVALID_CURSOR", $"seed {Harbour.Seed}, {i}: {answer.ToJsonString()}");
            refusedCount += code is null ? 0 : 1;
        }
        Assert.InRange(refusedCount, 50, 300);
    }

    [Theory]
    [InlineData("{ flag: null }")]
    [InlineData("{ flag: { contains: null } }")]
    [InlineData("{ crew: { gt: null } }")]
    [InlineData("{ flag: { in: null } }")]
    [InlineData("{ and: null }")]
    [InlineData("{ not: null }")]
    [InlineData("{ tags: { some: null } }")]
    [InlineData("{ tags: { all: null } }")]
    [InlineData("{ tags: { none: null } }")]
    [InlineData("{ tags: { any: null } }")]
    [InlineData("{ cargos: { any: null } }")]
    [InlineData("{ id: { eq: \"nonsense\" } }")]
    [InlineData("{ name: { eq: \"a\\u0000b\" } }")]
    public async Task A_meaningless_filter_is_refused(string where)
    {
        (string code, string message) = await harbour.RefusalAsync($"{{ fleet(where: {where}) {{ id }} }}");

        Assert.Equal("BAD_USER_INPUT", code);
        Assert.StartsWith("`where.", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{ fee: ASC, name: DESC }]")]
    [InlineData("[{}]")]
    [InlineData("[{ fee: null }]")]
    [InlineData("[{ berth: { name: ASC, depth: ASC } }]")]
    public async Task A_sort_key_with_another_number_of_fields_is_refused(string order)
    {
        (string code, _) = await harbour.RefusalAsync($"{{ fleet(order: {order}) {{ id }} }}");

        Assert.True(code is "BAD_USER_INPUT" or "GRAPHQL_VALIDATION_FAILED", code);
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "`where` can have at most 100 comparisons.")]
    public async Task The_comparisons_of_a_filter_are_limited(int count, string? refusal)
    {
        string where = string.Join(", ", Enumerable.Range(0, count).Select(i => $"{{ crew: {{ eq: {i} }} }}"));

        await ExpectAsync(refusal, $"{{ fleet(where: {{ or: [{where}] }}) {{ id }} }}");
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "`where` can have at most 10 levels.")]
    public async Task The_levels_of_a_filter_are_limited(int depth, string? refusal)
    {
        string where = Enumerable.Range(1, depth - 1).Aggregate("{ crew: { eq: 1 } }", (inner, _) => $"{{ not: {inner} }}");

        await ExpectAsync(refusal, $"{{ fleet(where: {where}) {{ id }} }}");
    }

    [Theory]
    [InlineData(1_000, null)]
    [InlineData(1_001, "`where` can have at most 1,000 values in one `in` or `nin`.")]
    public async Task The_values_of_a_list_are_limited(int count, string? refusal)
    {
        await ExpectAsync(refusal, "query($crew: [Int]) { fleet(where: { crew: { in: $crew } }) { id } }", new { crew = Enumerable.Range(0, count) });
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "`order` can have at most 10 keys.")]
    public async Task The_keys_of_a_sort_order_are_limited(int count, string? refusal)
    {
        string order = string.Join(", ", Enumerable.Repeat("{ crew: ASC }", count));

        await ExpectAsync(refusal, $"{{ fleet(order: [{order}]) {{ id }} }}");
    }

    [Fact]
    public async Task The_limits_of_a_field_are_its_own()
    {
        Assert.Equal(3, (await harbour.DataAsync("{ newest { nodes { name } } }"))["newest"]!["nodes"]!.AsArray().Count);
        await ExpectAsync("`first` must be at most 5, not 6.", "{ newest(first: 6) { nodes { name } } }", code: "LIMIT_EXCEEDED");
    }

    [Theory]
    [InlineData("ships(first: 101) { totalCount }", "pageSize", 100)]
    [InlineData("newest(last: 6) { nodes { name } }", "pageSize", 5)]
    [InlineData(
        "fleet(order: [{ crew: ASC }, { crew: ASC }, { crew: ASC }, { crew: ASC }, { crew: ASC }, { crew: ASC }, { crew: ASC }, { crew: ASC }, { "
            + "crew: ASC }, { crew: ASC }, { crew: ASC }]) { id }",
        "sortKeys", 10)]
    [InlineData(
        "fleet(where: { not: { not: { not: { not: { not: { not: { not: { not: { not: { not: { crew: { eq: 1 } } } } } } } } } } } }) { id }",
        "filterDepth", 10)]
    public async Task An_error_over_a_limit_has_its_name_and_value(string field, string limit, int max)
    {
        (JsonNode answer, _) = await harbour.AskAsync($"{{ {field} }}");

        Assert.Equal($$"""{"code":"LIMIT_EXCEEDED","limit":"{{limit}}","max":{{max}}}""", answer["errors"]![0]!["extensions"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{ flag: DESC, name: null, berth: null }")]
    [InlineData("{ berth: { name: ASC, depth: null }, flag: null }")]
    public async Task Null_in_a_sort_key_counts_as_not_given(string key) =>
        Assert.NotNull(await harbour.DataAsync($"{{ fleet(order: [{key}]) {{ id }} }}"));

    [Theory]
    [InlineData("{}")]
    [InlineData("{ flag: null }")]
    [InlineData("{ flag: ASC, name: DESC }")]
    [InlineData("{ berth: {} }")]
    public async Task A_sort_key_sets_exactly_one_field(string key)
    {
        (string code, string message) = await harbour.RefusalAsync($"{{ fleet(order: [{key}]) {{ id }} }}");

        Assert.Equal("BAD_USER_INPUT", code);
        Assert.EndsWith(
            "set exactly one field in each sort key; to sort by several fields, add a key for each to the list.", message, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(string? refusal, string query, object? variables = null, string code = "LIMIT_EXCEEDED")
    {
        if (refusal is null)
            Assert.NotNull(await harbour.DataAsync(query, variables));
        else
            Assert.Equal((code, refusal), await harbour.RefusalAsync(query, variables));
    }

    private async Task<string> CursorAsync(string order) =>
        (string)(await harbour.DataAsync($"{{ ships(first: 60, order: {order}) {{ pageInfo {{ endCursor }} }} }}"))["ships"]!["pageInfo"]!["endCursor"]!;
}
